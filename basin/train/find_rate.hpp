// The learning-rate range test on a network: a short training run whose rate grows at every step, and which
// is then undone.
#pragma once
#include <vector>

#include "basin/kernels/chain.hpp"
#include "basin/network/groups.hpp"
#include "basin/nn/network.hpp"
#include "basin/schedules/range_test.hpp"
#include "basin/train/examples.hpp"
#include "basin/train/fit_options.hpp"

namespace basin::train {

// Returns the losses of the steps of `test`, each for the batch before its step; fewer if they explode.
// Trains with its own optimizer, made from `chain` and `groups`; the rates of groups follow unless they are
// fixed numbers. Uses the order of the first epochs, and of `options` only loss, batch_size, seed, replicate
// and regularization. Restores the network's weights, buffers, gradients and modes, and libtorch's generator,
// to the bit, also if it throws.
//
// Throws  InputError for an invalid test, for options outside their range, and for groups that do not fit
std::vector<double> range_losses(nn::Network& network, const kernels::Chain& chain, Examples& examples,
                                 const RangeTest& test, const FitOptions& options,
                                 std::span<const nn::RoleGroup> groups = {});

}  // namespace basin::train
