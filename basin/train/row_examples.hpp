// Examples that are rows of columns in shared memory.
#pragma once
#include <vector>

#include "basin/data/shared.hpp"
#include "basin/data/source.hpp"
#include "basin/train/data_examples.hpp"

namespace basin::train {

// Splits the rows, and gathers their targets. What is derived from it gathers the inputs.
class RowExamples : public Examples {
 public:
  std::int64_t count(Part part) const override;
  Batch gather(Part part, std::span<const std::uint32_t> positions) override;
  TargetScale target_scale() const override { return scale_; }

 protected:
  using Rows = std::vector<std::uint32_t>;
  RowExamples(const data::SharedSet& set, const data::Source& source, std::uint64_t seed,
              std::uint64_t replicate, const DataOptions& options);
  const data::SharedSet& set() const { return set_; }
  const Rows& training_rows() const { return train_; }
  // `part` is that of the file: train, which validation is part of, or test.
  virtual torch::Tensor gather_inputs(const std::string& part, std::span<const std::uint32_t> rows) = 0;

 private:
  const Rows& rows_of(Part part) const;
  torch::Tensor gather_targets(const std::string& part, std::span<const std::uint32_t> rows) const;

  const data::SharedSet& set_;
  Rows train_, validation_, test_;
  TargetScale scale_;
};

// The examples of each kind; arguments as of data_examples.
using MakeExamples = std::unique_ptr<Examples>(const data::SharedSet& set, const data::Source& source,
                                               std::uint64_t seed, std::uint64_t replicate,
                                               const DataOptions& options);
MakeExamples table_examples, sparse_examples, sequence_examples, text_examples, series_examples;

}  // namespace basin::train
