#include "basin/train/row_examples.hpp"

#include <algorithm>

#include "basin/data/kinds/kinds.hpp"
#include "basin/data/kinds/sparse_set.hpp"
#include "basin/data/kinds/table_set.hpp"
#include "basin/data/split.hpp"
#include "basin/data/spread.hpp"

namespace basin::train {
namespace {

// Splits the training rows of the file: into those to train on, of which `train_size` are chosen, and those
// held out.
data::Split split_of(const data::SharedSet& set, const data::Source& source, std::uint64_t seed,
                     std::uint64_t replicate, std::int64_t train_size) {
  const std::int64_t records = data::count_of(set, "train");
  const std::int64_t held_out = data::share_of(source.validation, records);
  const std::int64_t classes = data::classes_of(set);
  if (classes == 0) {
    data::Split out = data::random_split(static_cast<std::size_t>(records), held_out, seed, replicate);
    if (train_size > 0) out.train = data::random_subset(out.train, train_size, seed, replicate);
    return out;
  }
  const std::span<const std::int32_t> labels = set.at("train.labels").as<std::int32_t>();
  data::Split out = data::stratified_split(labels, classes, held_out, seed, replicate);
  if (train_size > 0) out.train = data::subset(out.train, train_size, labels, classes, seed, replicate);
  return out;
}

// Mean and standard deviation of each target over these rows.
TargetScale scale_of(const data::Column& targets, std::span<const std::uint32_t> rows) {
  const auto width = static_cast<std::size_t>(targets.shape[1]);
  const std::span<const float> values = targets.as<float>();
  TargetScale out;
  for (std::size_t k = 0; k < width; ++k) {
    const data::Spread spread =
        data::spread_of(rows.size(), [&](std::size_t i) { return values[rows[i] * width + k]; });
    out.mean.push_back(spread.mean);
    out.sd.push_back(spread.sd);
  }
  return out;
}

}  // namespace

RowExamples::RowExamples(const data::SharedSet& set, const data::Source& source, std::uint64_t seed,
                         std::uint64_t replicate, const DataOptions& options)
    : set_(set) {
  data::Split split = split_of(set, source, seed, replicate, options.train_size);
  train_ = std::move(split.train);
  validation_ = std::move(split.validation);
  test_ = data::every_record(static_cast<std::size_t>(data::count_of(set, "test")));
  if (set.has("train.targets")) scale_ = scale_of(set.at("train.targets"), train_);
}

const RowExamples::Rows& RowExamples::rows_of(Part part) const {
  return part == Part::train ? train_ : part == Part::validation ? validation_ : test_;
}

std::int64_t RowExamples::count(Part part) const { return static_cast<std::int64_t>(rows_of(part).size()); }

Batch RowExamples::gather(Part part, std::span<const std::uint32_t> positions) {
  const Rows& rows = rows_of(part);
  Rows chosen(positions.size());
  for (std::size_t i = 0; i < positions.size(); ++i) chosen[i] = rows[positions[i]];
  const std::string of_file = part == Part::test ? "test" : "train";
  const c10::InferenceMode ordinary_tensors(false);
  return {gather_inputs(of_file, chosen), gather_targets(of_file, chosen)};
}

torch::Tensor RowExamples::gather_targets(const std::string& part,
                                          std::span<const std::uint32_t> rows) const {
  const auto n = static_cast<std::int64_t>(rows.size());
  if (set_.has(part + ".labels")) {
    const std::span<const std::int32_t> labels = set_.at(part + ".labels").as<std::int32_t>();
    torch::Tensor out = torch::empty({n}, torch::kInt64);
    std::int64_t* to = out.data_ptr<std::int64_t>();
    for (const std::uint32_t row : rows) *to++ = labels[row];
    return out;
  }
  const data::Column& targets = set_.at(part + ".targets");
  const std::span<const float> values = targets.as<float>();
  const auto width = static_cast<std::size_t>(targets.shape[1]);
  torch::Tensor out = torch::empty({n, targets.shape[1]});
  float* to = out.data_ptr<float>();
  for (const std::uint32_t row : rows)
    for (std::size_t k = 0; k < width; ++k)
      *to++ = static_cast<float>((double{values[row * width + k]} - scale_.mean[k]) / scale_.sd[k]);
  return out;
}

// --- tables

namespace {

class TableExamples : public RowExamples {
 public:
  TableExamples(const data::SharedSet& set, const data::Source& source, std::uint64_t seed,
                std::uint64_t replicate, const DataOptions& options)
      : RowExamples(set, source, seed, replicate, options),
        encoding_(set, training_rows(), options.normalize, source.categories == "one-hot") {}

 protected:
  torch::Tensor gather_inputs(const std::string& part, std::span<const std::uint32_t> rows) override {
    torch::Tensor out = torch::empty({static_cast<std::int64_t>(rows.size()), encoding_.width()});
    encoding_.gather(set().at(part + ".inputs").as<float>(), rows, out.data_ptr<float>());
    return out;
  }

 private:
  data::TableEncoding encoding_;
};

// --- sparse rows

class SparseExamples : public RowExamples {
 public:
  SparseExamples(const data::SharedSet& set, const data::Source& source, std::uint64_t seed,
                 std::uint64_t replicate, const DataOptions& options)
      : RowExamples(set, source, seed, replicate, options), width_(data::number_attribute(set, "width")) {}

 protected:
  torch::Tensor gather_inputs(const std::string& part, std::span<const std::uint32_t> rows) override {
    const data::SparsePart all = data::sparse_part(set(), part);
    const auto n = static_cast<std::int64_t>(rows.size());
    torch::Tensor offsets = torch::empty({n + 1}, torch::kInt64);
    std::int64_t* offset = offsets.data_ptr<std::int64_t>();
    offset[0] = 0;
    for (std::size_t i = 0; i < rows.size(); ++i)
      offset[i + 1] = offset[i] + all.row_offsets[rows[i] + 1] - all.row_offsets[rows[i]];
    torch::Tensor columns = torch::empty({offset[n]}, torch::kInt64), values = torch::empty({offset[n]});
    std::int64_t* column = columns.data_ptr<std::int64_t>();
    float* value = values.data_ptr<float>();
    for (const std::uint32_t row : rows)
      for (std::int64_t i = all.row_offsets[row]; i < all.row_offsets[row + 1]; ++i) {
        *column++ = all.columns[static_cast<std::size_t>(i)];
        *value++ = all.values[static_cast<std::size_t>(i)];
      }
    return at::_sparse_csr_tensor_unsafe(offsets, columns, values, {n, width_},
                                         values.options().layout(at::kSparseCsr));
  }

 private:
  std::int64_t width_;
};

// --- sequences

class SequenceExamples : public RowExamples {
 public:
  SequenceExamples(const data::SharedSet& set, const data::Source& source, std::uint64_t seed,
                   std::uint64_t replicate, const DataOptions& options)
      : RowExamples(set, source, seed, replicate, options) {}

 protected:
  torch::Tensor gather_inputs(const std::string& part, std::span<const std::uint32_t> rows) override {
    const data::Column& sequences = set().at(part + ".sequences");
    const std::span<const float> values = sequences.as<float>();
    const auto size = static_cast<std::size_t>(sequences.shape[1] * sequences.shape[2]);
    torch::Tensor out =
        torch::empty({static_cast<std::int64_t>(rows.size()), sequences.shape[1], sequences.shape[2]});
    float* to = out.data_ptr<float>();
    for (const std::uint32_t row : rows) to = std::copy_n(&values[row * size], size, to);
    return out;
  }
};

}  // namespace

std::unique_ptr<Examples> table_examples(const data::SharedSet& set, const data::Source& source,
                                         std::uint64_t seed, std::uint64_t replicate,
                                         const DataOptions& options) {
  return std::make_unique<TableExamples>(set, source, seed, replicate, options);
}

std::unique_ptr<Examples> sparse_examples(const data::SharedSet& set, const data::Source& source,
                                          std::uint64_t seed, std::uint64_t replicate,
                                          const DataOptions& options) {
  return std::make_unique<SparseExamples>(set, source, seed, replicate, options);
}

std::unique_ptr<Examples> sequence_examples(const data::SharedSet& set, const data::Source& source,
                                            std::uint64_t seed, std::uint64_t replicate,
                                            const DataOptions& options) {
  return std::make_unique<SequenceExamples>(set, source, seed, replicate, options);
}

}  // namespace basin::train
