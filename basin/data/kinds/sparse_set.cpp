#include "basin/data/kinds/sparse_set.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/core/names.hpp"
#include "basin/data/kinds/kinds.hpp"

namespace basin::data {
namespace {

// What the labels stand for: the classes in order; empty if they are values.
class Classes {
 public:
  Classes(const std::vector<double>& labels, const std::string& file) {
    for (const double label : labels) ++counts_[label];
    if (counts_.size() < 2)
      throw InputError(file + ": every row has the label " + text_of(labels.front()) +
                       "; there is nothing to predict");
    for (const auto& [label, count] : counts_) {
      if (count == 1)
        throw InputError(file + ": the class " + text_of(label) +
                         " has one record; each class needs two or more");
      names_.push_back(text_of(label));
    }
  }
  std::int32_t code_of(double label, std::size_t row, const std::string& file) const {
    const auto found = counts_.find(label);
    if (found == counts_.end())
      throw InputError(file + ": row " + std::to_string(row + 1) + " has the label " + text_of(label) +
                       ", which no training row has; these have " + listed(names_));
    return static_cast<std::int32_t>(std::distance(counts_.begin(), found));
  }
  const Names& names() const { return names_; }

 private:
  std::map<double, std::size_t> counts_;
  Names names_;
};

std::int64_t stored_in(const SparseRows& rows, std::span<const std::uint32_t> chosen) {
  std::int64_t sum = 0;
  for (const std::uint32_t row : chosen) sum += rows.row_offsets[row + 1] - rows.row_offsets[row];
  return sum;
}

void add_columns(std::vector<NewColumn>& out, const std::string& part, const SparseRows& rows,
                 std::span<const std::uint32_t> chosen, bool values) {
  const auto count = static_cast<std::int64_t>(chosen.size()), stored = stored_in(rows, chosen);
  out.push_back({part + ".row_offsets", Type::i64, {count + 1}});
  out.push_back({part + ".columns", Type::i32, {stored}});
  out.push_back({part + ".values", Type::f32, {stored}});
  out.push_back(values ? NewColumn{part + ".targets", Type::f32, {count, 1}}
                       : NewColumn{part + ".labels", Type::i32, {count}});
}

void fill_rows(SharedSet& set, const std::string& part, const SparseRows& rows,
               std::span<const std::uint32_t> chosen) {
  const auto offsets = set.fill<std::int64_t>(part + ".row_offsets");
  const auto columns = set.fill<std::int32_t>(part + ".columns");
  const auto values = set.fill<float>(part + ".values");
  offsets[0] = 0;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto begin = static_cast<std::size_t>(rows.row_offsets[chosen[i]]);
    const auto count = static_cast<std::size_t>(rows.row_offsets[chosen[i] + 1]) - begin;
    const auto at = static_cast<std::size_t>(offsets[i]);
    std::copy_n(&rows.columns[begin], count, columns.begin() + static_cast<std::ptrdiff_t>(at));
    std::copy_n(&rows.values[begin], count, values.begin() + static_cast<std::ptrdiff_t>(at));
    offsets[i + 1] = offsets[i] + static_cast<std::int64_t>(count);
  }
}

void fill_targets(SharedSet& set, const std::string& part, const SparseRows& rows,
                  std::span<const std::uint32_t> chosen, const std::optional<Classes>& classes,
                  const std::string& file) {
  if (classes) {
    const auto labels = set.fill<std::int32_t>(part + ".labels");
    for (std::size_t i = 0; i < chosen.size(); ++i)
      labels[i] = classes->code_of(rows.labels[chosen[i]], chosen[i], file);
  } else {
    const auto targets = set.fill<float>(part + ".targets");
    for (std::size_t i = 0; i < chosen.size(); ++i) targets[i] = static_cast<float>(rows.labels[chosen[i]]);
  }
}

}  // namespace

SharedSet share_sparse(const SparseRows& rows, const SparseRows* test, const Source& source,
                       const std::string& file) {
  std::optional<Classes> classes;
  std::vector<std::int32_t> labels;
  if (source.targets == "classes") {
    classes.emplace(rows.labels, file);
    for (std::size_t i = 0; i < rows.rows(); ++i) labels.push_back(classes->code_of(rows.labels[i], i, file));
  }
  const std::int64_t count = classes ? static_cast<std::int64_t>(classes->names().size()) : 0;
  const Parts parts = parts_of({rows.rows(), labels, count},
                               test ? std::optional(test->rows()) : std::nullopt, source.test, file);
  const SparseRows& tested = test ? *test : rows;
  Attributes attributes{{"kind", "sparse"}, {"width", std::to_string(std::max(rows.width, tested.width))}};
  if (classes) {
    attributes["classes"] = std::to_string(count);
    attributes["class_names"] = nlohmann::json(classes->names()).dump();
  } else {
    attributes["outputs"] = "1";
  }
  std::vector<NewColumn> columns;
  add_columns(columns, "train", rows, parts.train, !classes);
  add_columns(columns, "test", tested, parts.test, !classes);
  SharedSet set = SharedSet::create(columns, std::move(attributes));
  fill_rows(set, "train", rows, parts.train);
  fill_targets(set, "train", rows, parts.train, classes, file);
  fill_rows(set, "test", tested, parts.test);
  fill_targets(set, "test", tested, parts.test, classes, test ? source.test_file : file);
  set.seal();
  return set;
}

SparsePart sparse_part(const SharedSet& set, const std::string& part) {
  return {set.at(part + ".row_offsets").as<std::int64_t>(), set.at(part + ".columns").as<std::int32_t>(),
          set.at(part + ".values").as<float>()};
}

}  // namespace basin::data
