// The class weights of a balanced loss, from the examples that are trained on.
#pragma once
#include "basin/losses/loss.hpp"
#include "basin/train/examples.hpp"

namespace basin::train {

// Returns the loss with the weights of "balanced" computed over the training part; any other loss as it is.
// `classes` is how many there are; 0 if only the examples say. Throws InputError for targets that are values.
//
// Cost  for a balanced loss, one pass over the training part
losses::Loss with_class_weights(const losses::Loss& loss, Examples& examples, std::int64_t classes = 0);

}  // namespace basin::train
