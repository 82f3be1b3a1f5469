// The network of a user's own problem: the one that it creates, or that of its list of layers.
#pragma once
#include <memory>

#include "basin/network/regularization.hpp"
#include "basin/worker/worker.hpp"

namespace basin::worker {

// Returns the shape of one example's inputs, for the layer-list language. Throws InputError for more than
// three dimensions.
nn::Shape input_shape(train::Examples& examples);

// Throws InputError for a dropout that cannot be inserted.
std::shared_ptr<nn::Network> network_of(const OwnProblem& problem, train::Examples& examples,
                                        const nn::Regularization& regularization = {});

}  // namespace basin::worker
