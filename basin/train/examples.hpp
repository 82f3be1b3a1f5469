// Where training gets its examples from: the parts of a data set, gathered as batches of tensors.
#pragma once
#include <torch/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "basin/data/augmentation.hpp"
#include "basin/data/normalization.hpp"
#include "basin/data/shared.hpp"
#include "basin/data/split.hpp"

namespace basin::train {

enum class Part { train, validation, test };

struct Batch {
  torch::Tensor
      inputs;  // examples first; images: examples x channels x height x width, channels-last, normalised
  torch::Tensor targets;  // examples, int64 classes; or examples x outputs, float, for a regression
};

class Examples {
 public:
  virtual ~Examples() = default;
  virtual std::int64_t count(Part part) const = 0;
  // The examples at these positions of the part, each in [0, count). The tensors are valid until the next call.
  virtual Batch gather(Part part, std::span<const std::uint32_t> positions) = 0;
  // Those of the training part as an epoch (from 1) sees them, augmented where that was asked for.
  virtual Batch gather_training(std::uint64_t /*epoch*/, std::span<const std::uint32_t> positions) {
    return gather(Part::train, positions);
  }
};

// How many examples a part has. Throws InputError for none, and for more than positions have numbers for.
std::int64_t check_count(const Examples& examples, Part part);

// The positions of the training part in the order of an epoch (from 1): a function of these numbers alone.
std::vector<std::uint32_t> epoch_order(const Examples& examples, std::uint64_t seed, std::uint64_t replicate,
                                       std::uint64_t epoch);

// CRC-32 of labels, as text: of at most 1,000 examples of each part, evenly spaced. By "training labels", "validation labels"
// and "test labels". Targets that are no classes are left out: what computes them may round them otherwise elsewhere.
std::map<std::string, std::string> label_checksums(Examples& examples);

// What becomes of images on their way into a network.
struct ImageOptions {
  bool normalize = true;  // to mean 0 and variance 1; else they are in [0, 1]
  data::Augmentation augmentation = {};
};

// Images in shared memory: `train_size` of the training split (0 for all), normalised with the statistics of these.
// The split, the choice and the augmentation are keyed by (seed, replicate) alone. `images` must outlive the result.
// Throws InputError for a crop that moves an image out of sight.
std::unique_ptr<Examples> image_examples(const data::ImageSet& images, std::int64_t validation_count,
                                         std::int64_t train_size, std::uint64_t seed, std::uint64_t replicate,
                                         const ImageOptions& options = {});

// Three batches in memory, for a problem of one's own. Throws InputError when one is empty or when inputs and targets
// of one differ in length.
std::unique_ptr<Examples> tensor_examples(Batch train, Batch validation, Batch test);

}  // namespace basin::train
