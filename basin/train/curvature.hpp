// Estimates the Hessian's diagonal for a rule that needs it (Sophia), from labels that the network itself
// draws.
//
// Paper    Liu et al., Sophia, ICLR 2024, Algorithm 2: the Gauss-Newton-Bartlett estimate
// Does     runs the inputs, draws a label for each example from the outputs (a class from their softmax; for
//          a squared error a normal around them, with half the number of outputs as variance), and gives the
//          optimizer the gradient of that loss. Clears the gradients afterwards
// Cost     a forward and a backward pass
#pragma once
#include "basin/nn/losses/losses.hpp"
#include "basin/nn/network.hpp"
#include "basin/optim/optimizer.hpp"

namespace basin::train {

// The number of steps between two estimates.
inline constexpr std::int64_t curvature_period = 10;

// Uses libtorch's generator.
void estimate_curvature(nn::Network& network, optim::Optimizer& optimizer, const torch::Tensor& inputs,
                        const losses::Loss& loss);

}  // namespace basin::train
