// The shape of what a network takes, from the data that it is trained on.
#pragma once
#include "basin/data/shared.hpp"
#include "basin/data/source.hpp"
#include "basin/network/layers.hpp"
#include "basin/problems/problem.hpp"

namespace basin {

// Returns the shape of one example of a data set that `source` describes.
nn::Shape input_shape(const data::SharedSet& set, const data::Source& source);

// Returns the layers of a problem's network for inputs of this shape: named networks are written out, and
// `outputs` stands for the outputs that the data asks for (data/kinds/kinds.hpp), or for the inputs of an
// autoencoder. Throws InputError for layers that do not fit.
std::vector<nn::Layer> layers_of(const Problem& problem, const nn::Shape& in, std::int64_t outputs);

}  // namespace basin
