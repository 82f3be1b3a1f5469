// The ways to fill a weight matrix, for the list of initializers.
#pragma once
#include <span>

#include "basin/network/initializers.hpp"

namespace basin::nn {

enum class Draw { uniform, normal, truncated_normal };

// Returns a number with mean 0 and variance 1. A truncated normal is redrawn beyond two standard deviations
// and then scaled back to variance 1, as in Keras.
double standard(Draw draw, Stream& random);
// Returns a standard normal, redrawn beyond +-2, with its reduced variance (0.774).
double truncated_normal(Stream& random);
// Returns a uniform number in [-1, 1).
double symmetric(Stream& random);

// Fills with orthogonal rows, or columns if there are more rows, of length `gain`, uniformly among all such
// matrices (Saxe, McClelland & Ganguli, Exact Solutions to the Nonlinear Dynamics of Learning, ICLR 2014).
//
// Cost  rows^2 columns
void fill_orthogonal(std::span<float> weight, const WeightShape& shape, double gain, Stream& random);
// Fills each column with a share of zeros, rounded up, and otherwise with normal numbers (Martens, Deep
// Learning via Hessian-free Optimization, ICML 2010).
void fill_sparse(std::span<float> weight, const WeightShape& shape, double sparsity, double sd,
                 Stream& random);
// Makes output i `gain` times input i, at the kernel's centre; all other weights are 0.
void fill_identity(std::span<float> weight, const WeightShape& shape, double gain);

}  // namespace basin::nn
