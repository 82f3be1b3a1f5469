// The ways to fill a weight matrix at random or not, for the list of initializers.
#pragma once
#include <span>

#include "basin/network/initializers.hpp"

namespace basin::nn {

enum class Draw { uniform, normal, truncated_normal };

// One number of mean 0 and variance 1. A truncated normal is drawn again beyond two standard deviations, and widened so that
// its variance is 1 again, as Keras does.
double standard(Draw draw, Stream& random);
// Of a standard normal beyond +-2 drawn again, its variance left as it becomes (0.774).
double truncated_normal(Stream& random);
// Uniform in [-1, 1).
double symmetric(Stream& random);

// Rows, or columns where there are more rows, of length `gain` and at right angles, uniformly among all such matrices
// (Saxe, McClelland & Ganguli, Exact Solutions to the Nonlinear Dynamics of Learning, ICLR 2014). Cost: rows^2 columns.
void fill_orthogonal(std::span<float> weight, const WeightShape& shape, double gain, Stream& random);
// In each column a share of zeros, rounded up, the others normal (Martens, Deep Learning via Hessian-free Optimization,
// ICML 2010).
void fill_sparse(std::span<float> weight, const WeightShape& shape, double sparsity, double sd,
                 Stream& random);
// Output i is `gain` times input i, at the kernel's centre; 0 elsewhere.
void fill_identity(std::span<float> weight, const WeightShape& shape, double gain);

}  // namespace basin::nn
