// The learning-rate range test on a network: a short training whose rate grows with every step, after which everything is
// as it was.
#pragma once
#include <vector>

#include "basin/kernels/chain.hpp"
#include "basin/network/groups.hpp"
#include "basin/nn/network.hpp"
#include "basin/schedules/range_test.hpp"
#include "basin/train/examples.hpp"
#include "basin/train/fit_options.hpp"

namespace basin::train {

// The losses of the steps of `test`, each of the batch before its step; fewer when they explode. Trains with an optimizer of
// its own, made of `chain` and `groups`, whose rates follow as far as they are not numbers of their own; in the order of the first
// epochs; of `options` loss, batch_size, seed, replicate and regularization count. The network's weights, buffers,
// gradients and modes, and libtorch's generator are what they were before, to the bit, also when it throws. Throws InputError
// for a test that is none, for options outside their range, and for groups that do not fit.
std::vector<double> range_losses(nn::Network& network, const kernels::Chain& chain, Examples& examples,
                                 const RangeTest& test, const FitOptions& options,
                                 std::span<const nn::RoleGroup> groups = {});

}  // namespace basin::train
