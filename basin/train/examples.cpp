#include "basin/train/examples.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "basin/core/error.hpp"
#include "basin/data/batch.hpp"
#include "basin/data/checksums.hpp"

namespace basin::train {
namespace {

using Records = std::vector<std::uint32_t>;

class ImageExamples : public Examples {
 public:
  ImageExamples(const data::ImageSet& images, data::Split split, const ImageOptions& options,
                std::uint64_t seed, std::uint64_t replicate)
      : images_(images),
        train_(std::move(split.train)),
        validation_(std::move(split.validation)),
        normalization_(options.normalize ? data::normalization(images.train_images, images.image_bytes(),
                                                               images.channels, train_)
                                         : as_they_are(images.channels)),
        augmentation_(options.augmentation),
        reconstruct_(options.reconstruct),
        seed_(seed),
        replicate_(replicate) {}

  std::int64_t count(Part part) const override {
    if (part == Part::test) return images_.test_count();
    return static_cast<std::int64_t>(part == Part::train ? train_.size() : validation_.size());
  }

  Batch gather(Part part, std::span<const std::uint32_t> positions) override {
    if (part == Part::test) return gather_records(images_.test_images, images_.test_labels, positions);
    choose(part == Part::train ? train_ : validation_, positions);
    return gather_records(images_.train_images, images_.train_labels, chosen_);
  }

  Batch gather_training(std::uint64_t epoch, std::span<const std::uint32_t> positions) override {
    if (!augmentation_.moves_pixels()) return gather(Part::train, positions);
    choose(train_, positions);
    make_room(static_cast<std::int64_t>(chosen_.size()));
    data::gather_augmented(images_.train_images, {images_.height, images_.width, images_.channels}, chosen_,
                           normalization_, augmentation_, {seed_, replicate_, epoch},
                           inputs_.data_ptr<float>());
    data::gather_labels(images_.train_labels, chosen_, targets_.data_ptr<std::int64_t>());
    return batch();
  }

 private:
  static data::Normalization as_they_are(std::int64_t channels) {
    const auto n = static_cast<std::size_t>(channels);
    return {std::vector(n, 0.0), std::vector(n, 1.0)};
  }

  void choose(const Records& records, std::span<const std::uint32_t> positions) {
    chosen_.resize(positions.size());
    for (std::size_t i = 0; i < positions.size(); ++i) chosen_[i] = records[positions[i]];
  }

  // Allocated outside InferenceMode, whoever asks first: a tensor of InferenceMode could not be trained with
  // later.
  void make_room(std::int64_t n) {
    if (!inputs_.defined() || inputs_.size(0) != n) {
      const c10::InferenceMode ordinary_tensors(false);
      inputs_ = torch::empty({n, images_.channels, images_.height, images_.width},
                             torch::TensorOptions().memory_format(at::MemoryFormat::ChannelsLast));
      targets_ = torch::empty({n}, torch::kInt64);
    }
  }

  Batch gather_records(std::span<const std::uint8_t> images, std::span<const std::uint8_t> labels,
                       std::span<const std::uint32_t> records) {
    make_room(static_cast<std::int64_t>(records.size()));
    data::gather(images, images_.image_bytes(), records, normalization_, inputs_.data_ptr<float>());
    data::gather_labels(labels, records, targets_.data_ptr<std::int64_t>());
    return batch();
  }

  Batch batch() const {
    if (!reconstruct_) return {inputs_, targets_};
    const c10::InferenceMode ordinary_tensors(false);
    return {inputs_, inputs_.permute({0, 2, 3, 1}).reshape({inputs_.size(0), -1}).clone()};
  }

  data::ImageSet images_;
  Records train_, validation_, chosen_;
  data::Normalization normalization_;
  data::Augmentation augmentation_;
  bool reconstruct_;
  std::uint64_t seed_, replicate_;
  torch::Tensor inputs_, targets_;  // reused for every batch
};

class TensorExamples : public Examples {
 public:
  explicit TensorExamples(std::array<Batch, 3> parts) : parts_(std::move(parts)) {}
  std::int64_t count(Part part) const override { return of(part).inputs.size(0); }
  Batch gather(Part part, std::span<const std::uint32_t> positions) override {
    const torch::Tensor index = torch::empty({static_cast<std::int64_t>(positions.size())}, torch::kInt64);
    std::copy(positions.begin(), positions.end(), index.data_ptr<std::int64_t>());
    return {of(part).inputs.index_select(0, index), of(part).targets.index_select(0, index)};
  }

 private:
  const Batch& of(Part part) const { return parts_[static_cast<std::size_t>(part)]; }
  std::array<Batch, 3> parts_;
};

void check(const Batch& batch, const std::string& part) {
  const auto length = [](const torch::Tensor& t) { return t.defined() && t.dim() > 0 ? t.size(0) : 0; };
  if (length(batch.inputs) == 0) throw InputError("the " + part + " examples are empty");
  if (length(batch.inputs) != length(batch.targets))
    throw InputError("the " + part + " examples have " + std::to_string(length(batch.inputs)) +
                     " inputs and " + std::to_string(length(batch.targets)) + " targets");
}

}  // namespace

std::int64_t check_count(const Examples& examples, Part part) {
  constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
  constexpr std::array names{"training", "validation", "test"};
  const std::int64_t count = examples.count(part);
  if (count >= 1 && count <= most) return count;
  throw InputError("there are " + std::to_string(count) + " " + names[static_cast<std::size_t>(part)] +
                   " examples; there must be 1 to " + std::to_string(most));
}

std::vector<std::uint32_t> epoch_order(const Examples& examples, std::uint64_t seed, std::uint64_t replicate,
                                       std::uint64_t epoch) {
  std::vector<std::uint32_t> all(static_cast<std::size_t>(examples.count(Part::train)));
  std::iota(all.begin(), all.end(), 0u);
  return data::order(seed, replicate, epoch, all);
}

std::map<std::string, std::string> label_checksums(Examples& examples) {
  constexpr std::int64_t most = 1000;
  std::map<std::string, std::string> out;
  for (const auto& [part, name] : {std::pair{Part::train, "training labels"},
                                   {Part::validation, "validation labels"},
                                   {Part::test, "test labels"}}) {
    const std::int64_t all = examples.count(part), count = std::min(all, most);
    std::vector<std::uint32_t> positions;
    for (std::int64_t i = 0; i < count; ++i) positions.push_back(static_cast<std::uint32_t>(i * all / count));
    if (positions.empty()) continue;
    const torch::Tensor labels = examples.gather(part, positions).targets.cpu().contiguous();
    if (labels.scalar_type() != torch::kInt64) continue;
    out[name] = data::crc32_text({static_cast<const std::uint8_t*>(labels.data_ptr()), labels.nbytes()});
  }
  return out;
}

std::unique_ptr<Examples> image_examples(const data::ImageSet& images, std::int64_t validation_count,
                                         std::int64_t train_size, std::uint64_t seed, std::uint64_t replicate,
                                         const ImageOptions& options) {
  data::check(options.augmentation);
  const double crop = options.augmentation.crop;
  if (crop >= static_cast<double>(std::min(images.height, images.width)))
    throw InputError("augment: crop = " + text_of(crop) + " moves images of " +
                     std::to_string(images.height) + "x" + std::to_string(images.width) +
                     " pixels out of sight; it must be less");
  const std::vector<std::int32_t> labels(images.train_labels.begin(), images.train_labels.end());
  data::Split split = data::stratified_split(labels, images.classes, validation_count, seed, replicate);
  if (train_size > 0)
    split.train = data::subset(split.train, train_size, labels, images.classes, seed, replicate);
  return std::make_unique<ImageExamples>(images, std::move(split), options, seed, replicate);
}

std::unique_ptr<Examples> tensor_examples(Batch train, Batch validation, Batch test) {
  check(train, "training");
  check(validation, "validation");
  check(test, "test");
  return std::make_unique<TensorExamples>(
      std::array{std::move(train), std::move(validation), std::move(test)});
}

}  // namespace basin::train
