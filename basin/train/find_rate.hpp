// The learning-rate range test on a network: a short training whose rate grows with every step, after which everything is
// as it was.
#pragma once
#include <vector>

#include "basin/kernels/chain.hpp"
#include "basin/schedules/range_test.hpp"
#include "basin/train/fit.hpp"

namespace basin::train {

// The losses of the steps of `test`, each of the batch before its step; fewer when they explode. Trains with an optimizer of
// its own, made of `chain`, in the order of the first epochs; of `options` loss, batch_size, seed, replicate and
// regularization count. The network's weights, buffers, gradients and mode, and libtorch's generator are what they were
// before, to the bit, also when it throws. Throws InputError for a test that is none.
std::vector<double> range_losses(nn::Network& network, const kernels::Chain& chain, Examples& examples,
                                 const RangeTest& test, const FitOptions& options);

}  // namespace basin::train
