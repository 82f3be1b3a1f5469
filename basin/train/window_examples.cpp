// Examples that are windows of a text or a series.
#include <algorithm>

#include "basin/core/philox.hpp"
#include "basin/data/kinds/kinds.hpp"
#include "basin/data/kinds/stream_set.hpp"
#include "basin/data/split.hpp"
#include "basin/data/spread.hpp"
#include "basin/train/row_examples.hpp"

namespace basin::train {
namespace {

using data::Steps;

class TextExamples : public Examples {
 public:
  TextExamples(const data::SharedSet& set, const data::Source& source, std::uint64_t seed,
               std::uint64_t replicate, const DataOptions& options)
      : train_(set.at("train.tokens").as<std::uint16_t>()),
        test_(set.at("test.tokens").as<std::uint16_t>()),
        steps_(data::training_steps(data::count_of(set, "train"), source.validation)),
        source_(source),
        window_(source.window),
        seed_(seed),
        replicate_(replicate),
        windows_(options.train_size > 0 ? options.train_size : windows_in(steps_.train)) {}

  std::int64_t count(Part part) const override {
    if (part == Part::train) return windows_;
    return windows_in(part == Part::validation ? steps_.validation : all_of_test());
  }

  Batch gather(Part part, std::span<const std::uint32_t> positions) override {
    const Steps steps = part == Part::train        ? steps_.train
                        : part == Part::validation ? steps_.validation
                                                   : all_of_test();
    starts_.clear();
    const std::int64_t windows = windows_in(steps);  // an epoch may draw more of them than there are
    for (const std::uint32_t position : positions)
      starts_.push_back(steps.begin + std::int64_t{position} % windows * window_);
    return gather_windows(part == Part::test ? test_ : train_);
  }

  Batch gather_training(std::uint64_t epoch, std::span<const std::uint32_t> positions) override {
    const auto places = static_cast<std::uint64_t>(steps_.train.count() - window_);
    starts_.clear();
    for (const std::uint32_t position : positions)
      starts_.push_back(static_cast<std::int64_t>(
          basin::Stream(seed_, replicate_, "window", epoch << 32 | position).below(places)));
    return gather_windows(train_);
  }

 private:
  Steps all_of_test() const { return {0, static_cast<std::int64_t>(test_.size())}; }
  std::int64_t windows_in(Steps steps) const { return data::text_windows(steps.count(), source_); }

  Batch gather_windows(std::span<const std::uint16_t> tokens) const {
    const c10::InferenceMode ordinary_tensors(false);
    const auto n = static_cast<std::int64_t>(starts_.size());
    Batch out{torch::empty({n, window_}, torch::kInt64), torch::empty({n, window_}, torch::kInt64)};
    std::int64_t* inputs = out.inputs.data_ptr<std::int64_t>();
    std::int64_t* targets = out.targets.data_ptr<std::int64_t>();
    for (const std::int64_t start : starts_) {
      const std::uint16_t* from = &tokens[static_cast<std::size_t>(start)];
      inputs = std::copy_n(from, window_, inputs);
      targets = std::copy_n(from + 1, window_, targets);
    }
    return out;
  }

  std::span<const std::uint16_t> train_, test_;
  data::TrainingSteps steps_;
  data::Source source_;
  std::int64_t window_;
  std::uint64_t seed_, replicate_;
  std::int64_t windows_;
  std::vector<std::int64_t> starts_;  // of a batch
};

class SeriesExamples : public Examples {
 public:
  SeriesExamples(const data::SharedSet& set, const data::Source& source, std::uint64_t seed,
                 std::uint64_t replicate, const DataOptions& options)
      : train_(set.at("train.series").as<float>()),
        test_(set.at("test.series").as<float>()),
        channels_(set.at("train.series").shape[1]),
        source_(source),
        window_(source.window),
        horizon_(source.horizon),
        steps_(data::training_steps(data::count_of(set, "train"), source.validation)) {
    chosen_ = data::every_record(static_cast<std::size_t>(windows_in(steps_.train)));
    if (options.train_size > 0) chosen_ = data::random_subset(chosen_, options.train_size, seed, replicate);
    scale(options.normalize);
  }

  std::int64_t count(Part part) const override {
    if (part == Part::train) return static_cast<std::int64_t>(chosen_.size());
    return windows_in(part == Part::validation ? steps_.validation : all_of_test());
  }

  Batch gather(Part part, std::span<const std::uint32_t> positions) override {
    const c10::InferenceMode ordinary_tensors(false);
    const auto n = static_cast<std::int64_t>(positions.size());
    Batch out{torch::empty({n, window_, channels_}), torch::empty({n, horizon_ * channels_})};
    float* inputs = out.inputs.data_ptr<float>();
    float* targets = out.targets.data_ptr<float>();
    for (const std::uint32_t position : positions) {
      const std::int64_t start = part == Part::train        ? chosen_[position]
                                 : part == Part::validation ? steps_.validation.begin + position
                                                            : position;
      const std::span<const float> from = part == Part::test ? test_ : train_;
      inputs = scaled(from, start, window_, inputs);
      targets = scaled(from, start + window_, horizon_, targets);
    }
    return out;
  }

  TargetScale target_scale() const override {
    TargetScale out;
    for (std::int64_t step = 0; step < horizon_; ++step) {
      out.mean.insert(out.mean.end(), mean_.begin(), mean_.end());
      out.sd.insert(out.sd.end(), sd_.begin(), sd_.end());
    }
    return out;
  }

 private:
  Steps all_of_test() const { return {0, static_cast<std::int64_t>(test_.size()) / channels_}; }
  std::int64_t windows_in(Steps steps) const { return data::series_windows(steps.count(), source_); }

  // Over the training steps of each channel, if they are to be scaled.
  void scale(bool normalize) {
    const auto steps = static_cast<std::size_t>(steps_.train.count()),
               width = static_cast<std::size_t>(channels_);
    for (std::size_t c = 0; c < width; ++c) {
      const data::Spread spread =
          data::spread_of(normalize ? steps : 0, [&](std::size_t i) { return train_[i * width + c]; });
      mean_.push_back(spread.mean);
      sd_.push_back(spread.sd);
    }
  }

  float* scaled(std::span<const float> from, std::int64_t start, std::int64_t steps, float* out) const {
    const float* in = &from[static_cast<std::size_t>(start * channels_)];
    for (std::int64_t s = 0; s < steps; ++s)
      for (std::size_t c = 0; c < mean_.size(); ++c)
        *out++ = static_cast<float>((double{*in++} - mean_[c]) / sd_[c]);
    return out;
  }

  std::span<const float> train_, test_;
  std::int64_t channels_;
  data::Source source_;
  std::int64_t window_, horizon_;
  data::TrainingSteps steps_;
  std::vector<std::uint32_t> chosen_;  // starts of the windows to train on
  std::vector<double> mean_, sd_;      // of each channel
};

}  // namespace

std::unique_ptr<Examples> text_examples(const data::SharedSet& set, const data::Source& source,
                                        std::uint64_t seed, std::uint64_t replicate,
                                        const DataOptions& options) {
  return std::make_unique<TextExamples>(set, source, seed, replicate, options);
}

std::unique_ptr<Examples> series_examples(const data::SharedSet& set, const data::Source& source,
                                          std::uint64_t seed, std::uint64_t replicate,
                                          const DataOptions& options) {
  return std::make_unique<SeriesExamples>(set, source, seed, replicate, options);
}

}  // namespace basin::train
