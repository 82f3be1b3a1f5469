// The shape of what a network takes, from the data that it is trained on.
#pragma once
#include "basin/data/shared.hpp"
#include "basin/data/source.hpp"
#include "basin/network/shape.hpp"

namespace basin {

// Returns the shape of one example of a data set that `source` describes.
nn::Shape input_shape(const data::SharedSet& set, const data::Source& source);

}  // namespace basin
