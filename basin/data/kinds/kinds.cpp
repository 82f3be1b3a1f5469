#include "basin/data/kinds/kinds.hpp"

#include <cmath>
#include <cstdlib>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/data/split.hpp"

namespace basin::data {

const std::string& attribute(const SharedSet& set, const std::string& name) {
  const auto found = set.attributes().find(name);
  if (found == set.attributes().end()) throw Error("shared memory: the data set has no attribute " + name);
  return found->second;
}

std::int64_t number_attribute(const SharedSet& set, const std::string& name) {
  return std::atoll(attribute(set, name).c_str());
}

std::string kind_of(const SharedSet& set) {
  return set.has("train.images") ? "images" : attribute(set, "kind");
}

std::int64_t count_of(const SharedSet& set, const std::string& part) {
  for (const char* column : {"labels", "targets", "tokens", "series"})
    if (const std::string name = part + "." + column; set.has(name)) return set.at(name).records();
  throw Error("shared memory: the data set has no targets");
}

std::int64_t classes_of(const SharedSet& set) {
  const auto found = set.attributes().find("classes");
  return found == set.attributes().end() ? 0 : std::atoll(found->second.c_str());
}

std::int64_t outputs_of(const SharedSet& set) {
  if (const std::int64_t classes = classes_of(set); classes > 0) return classes;
  const auto outputs = set.attributes().find("outputs");
  return outputs == set.attributes().end() ? 1 : std::atoll(outputs->second.c_str());
}

std::int64_t share_of(double share, std::int64_t count) {
  return std::llround(share * static_cast<double>(count));
}

Parts parts_of(const Labelled& train, std::optional<std::size_t> test, double share,
               const std::string& file) {
  if (test) return {every_record(train.records), every_record(*test)};
  const auto& [records, labels, classes] = train;
  const std::int64_t held_out = share_of(share, static_cast<std::int64_t>(records));
  if (held_out < 1 || static_cast<std::size_t>(held_out) >= records)
    throw InputError(file + ": of " + std::to_string(records) + " records, test = " + text_of(share) +
                     " leaves " + std::to_string(records - static_cast<std::size_t>(held_out)) +
                     " for training and " + std::to_string(held_out) +
                     " for the test; there must be one of each, or a test file");
  Split split = labels.empty() ? random_split(records, held_out, 0, 0)
                               : stratified_split(labels, classes, held_out, 0, 0);
  return {std::move(split.train), std::move(split.validation)};
}

}  // namespace basin::data
