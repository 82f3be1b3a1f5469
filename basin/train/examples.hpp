// The source of training examples: the parts of a data set, gathered as batches of tensors.
#pragma once
#include <torch/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "basin/data/augmentation.hpp"
#include "basin/data/image_set.hpp"
#include "basin/data/normalization.hpp"
#include "basin/data/split.hpp"

namespace basin::train {

enum class Part { train, validation, test };

struct Batch {
  torch::Tensor inputs;   // examples first; images x channels x height x width, channels-last, normalised
  torch::Tensor targets;  // examples, int64 classes; or examples x outputs, float, for a regression
};

// Turns values that a network is trained on back into the unit of the targets: value * sd + mean, for each
// output.
struct TargetScale {
  std::vector<double> mean, sd;  // empty: they are in that unit
};

class Examples {
 public:
  virtual ~Examples() = default;
  virtual std::int64_t count(Part part) const = 0;
  // Returns the examples at these positions of the part, each in [0, count). The tensors are valid until the
  // next call.
  virtual Batch gather(Part part, std::span<const std::uint32_t> positions) = 0;
  // Returns those of the training part as an epoch (from 1) sees them, with augmentation if requested.
  virtual Batch gather_training(std::uint64_t /*epoch*/, std::span<const std::uint32_t> positions) {
    return gather(Part::train, positions);
  }
  virtual TargetScale target_scale() const { return {}; }
};

// Returns the number of examples in a part. Throws InputError for none, and for more than positions can
// index.
std::int64_t check_count(const Examples& examples, Part part);

// Returns the positions of the training part in the order of an epoch (from 1), as a function of these
// numbers alone.
std::vector<std::uint32_t> epoch_order(const Examples& examples, std::uint64_t seed, std::uint64_t replicate,
                                       std::uint64_t epoch);

// Returns the CRC-32, as text, of the labels of at most 1,000 evenly spaced examples of each part, by
// "training labels", "validation labels" and "test labels". Omits targets that are not classes: they may be
// rounded differently on another machine.
std::map<std::string, std::string> label_checksums(Examples& examples);

// What is done to images on their way into a network.
struct ImageOptions {
  bool reconstruct = false;  // the targets are the inputs, flattened: height x width x channels
  bool normalize = true;     // to mean 0 and variance 1; otherwise they are in [0, 1]
  data::Augmentation augmentation = {};
};

// Returns images from shared memory: `train_size` of the training split (0 for all), normalised with the
// statistics of these. The split, the choice and the augmentation are functions of (seed, replicate). Throws
// InputError for a crop that moves an image out of sight.
//
// Requires  `images` outlives the result
std::unique_ptr<Examples> image_examples(const data::ImageSet& images, std::int64_t validation_count,
                                         std::int64_t train_size, std::uint64_t seed, std::uint64_t replicate,
                                         const ImageOptions& options = {});

// Returns three batches in memory, for a user's own problem. Throws InputError if one is empty or if its
// inputs and targets differ in length.
std::unique_ptr<Examples> tensor_examples(Batch train, Batch validation, Batch test);

}  // namespace basin::train
