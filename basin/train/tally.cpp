#include "basin/train/tally.hpp"

#include "basin/core/error.hpp"

namespace basin::train {
namespace {

template <class T>
std::span<const T> span_of(const torch::Tensor& tensor) {
  return {tensor.data_ptr<T>(), static_cast<std::size_t>(tensor.numel())};
}

// Returns how many outputs belong to one class or to one list of values.
std::int64_t width_of(const torch::Tensor& outputs, const torch::Tensor& targets) {
  return targets.numel() == 0 ? 1 : outputs.numel() / targets.numel();
}

torch::Tensor row_of(const std::vector<double>& numbers) {
  const c10::InferenceMode ordinary_tensors(false);
  return torch::tensor(torch::ArrayRef<double>(numbers)).to(torch::kFloat32);
}

}  // namespace

Tally::Tally(const Names& metrics, const TargetScale& scale) {
  if (!scale.sd.empty()) mean_ = row_of(scale.mean), sd_ = row_of(scale.sd);
  for (const std::string& name : metrics)
    if (name != "loss") names_.push_back(name);
  clear();
}

void Tally::clear() {
  loss_ = 0, examples_ = 0;
  metrics_.clear();
  for (const std::string& name : names_) metrics_[name] = metrics::begin(name);
}

torch::Tensor Tally::in_their_unit(const torch::Tensor& values, std::int64_t width) const {
  const torch::Tensor rows = values.detach().cpu().to(torch::kFloat32).reshape({-1, width});
  if (!sd_.defined()) return rows.contiguous();
  return (rows * sd_ + mean_).contiguous();
}

void Tally::add(double mean_loss, const torch::Tensor& outputs, const torch::Tensor& targets) {
  const std::int64_t examples = targets.size(0);
  loss_ += mean_loss * static_cast<double>(examples);
  examples_ += examples;
  if (names_.empty()) return;
  metrics::Predictions batch{};
  torch::Tensor said, truth;
  if (targets.is_floating_point()) {
    batch.width = examples == 0 ? 1 : targets.numel() / examples;
    said = in_their_unit(outputs, batch.width);
    truth = in_their_unit(targets, batch.width);
    batch.values = span_of<float>(truth);
  } else {
    batch.width = width_of(outputs, targets);
    said = outputs.detach().cpu().to(torch::kFloat32).contiguous();
    truth = targets.cpu().contiguous();
    batch.classes = span_of<std::int64_t>(truth);
  }
  batch.outputs = span_of<float>(said);
  for (auto& [name, gathering] : metrics_) gathering->add(batch);
}

Score Tally::score() const {
  Score out{{"loss", loss_ / static_cast<double>(examples_)}};
  for (const auto& [name, gathering] : metrics_) out[name] = gathering->value();
  return out;
}

Sums Tally::sums() const {
  Sums out{.loss = loss_, .examples = examples_, .metrics = {}};
  for (const auto& [name, gathering] : metrics_) out.metrics[name] = gathering->state();
  return out;
}

void Tally::resume(const Sums& sums) {
  clear();
  loss_ = sums.loss, examples_ = sums.examples;
  for (auto& [name, gathering] : metrics_) {
    const auto found = sums.metrics.find(name);
    if (found == sums.metrics.end()) throw InputError("sums without the metric " + name);
    gathering->resume(found->second);
  }
}

}  // namespace basin::train
