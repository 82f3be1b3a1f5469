// Examples from a data set in shared memory, of any kind (data/kinds/kinds.hpp).
#pragma once
#include <memory>

#include "basin/data/source.hpp"
#include "basin/train/examples.hpp"

namespace basin::train {

struct DataOptions {
  std::int64_t train_size = 0;  // examples to train on; windows of an epoch, for a text; 0 for all
  bool normalize = true;        // numbers have mean 0 and variance 1 over the training examples
};

// Returns the examples of `set`, which `source` describes. What is held out for validation, chosen of
// `train_size` and drawn in an epoch is a function of (seed, replicate). Targets that are values are trained
// on with mean 0 and variance 1; `target_scale` turns them back.
//
//   table      inputs examples x numbers (data/kinds/table_set.hpp)
//   sparse     inputs one sparse CSR tensor, examples x columns
//   sequences  inputs examples x steps x channels
//   text       inputs examples x window, int64; targets the symbols one step later. An epoch draws each
//              window anew, from anywhere in the training part; elsewhere windows follow one another
//              without overlap
//   series     inputs examples x window x channels; targets examples x (horizon x channels), the steps that
//              follow. Windows begin at every step
//
// Requires  `set` outlives the result, and is of one of these kinds: see image_examples for images
// Throws    InputError for a train_size that is larger than the training part
std::unique_ptr<Examples> data_examples(const data::SharedSet& set, const data::Source& source,
                                        std::uint64_t seed, std::uint64_t replicate,
                                        const DataOptions& options = {});

}  // namespace basin::train
