// Estimates the Hessian's diagonal for a rule that asks for it (Sophia), from labels that the network draws itself.
//
// Paper    Liu et al., Sophia, ICLR 2024, Algorithm 2: the Gauss-Newton-Bartlett estimate
// Does     runs the inputs, draws a label for each example from the outputs (a class from their softmax; for a squared error a
//          normal about them, of variance half the number of outputs), and gives the optimizer the gradient of that loss. Gradients are gone after it
// Cost     a forward and a backward pass
#pragma once
#include "basin/nn/network.hpp"
#include "basin/optim/optimizer.hpp"
#include "basin/train/loss.hpp"

namespace basin::train {

// Between two estimates, in steps.
inline constexpr std::int64_t curvature_period = 10;

// Draws with libtorch's generator.
void estimate_curvature(nn::Network& network, optim::Optimizer& optimizer, const torch::Tensor& inputs,
                        Loss loss);

}  // namespace basin::train
