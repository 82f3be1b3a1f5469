#include "basin/data/kinds/made_set.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/data/made/adding.hpp"
#include "basin/data/made/sparse_words.hpp"
#include "basin/data/made/spirals.hpp"

namespace basin::data {
namespace {

struct Part {
  std::string name;
  std::int64_t count;
  Stream random() const { return Stream(0, 0, "made " + name); }
};

std::vector<Part> parts_of(const Source& source) {
  return {{"train", source.count}, {"test", std::max<std::int64_t>(source.count / 4, 1)}};
}

void fill_labels(SharedSet& set, const std::string& part, const std::vector<std::int64_t>& classes) {
  const auto labels = set.fill<std::int32_t>(part + ".labels");
  for (std::size_t i = 0; i < classes.size(); ++i) labels[i] = static_cast<std::int32_t>(classes[i]);
}

const Attributes two_classes{{"classes", "2"}, {"class_names", R"(["0", "1"])"}};

SharedSet share_spirals(const Source& source) {
  Attributes attributes = two_classes;
  attributes["kind"] = "table";
  attributes["inputs"] = R"([{"name": "x", "categories": []}, {"name": "y", "categories": []}])";
  std::vector<NewColumn> columns;
  for (const Part& part : parts_of(source)) {
    columns.push_back({part.name + ".inputs", Type::f32, {part.count, 2}});
    columns.push_back({part.name + ".labels", Type::i32, {part.count}});
  }
  SharedSet set = SharedSet::create(columns, std::move(attributes));
  for (const Part& part : parts_of(source)) {
    const MadeTable made = spirals(part.count, part.random());
    std::ranges::copy(made.rows, set.fill<float>(part.name + ".inputs").begin());
    fill_labels(set, part.name, made.classes);
  }
  return set;
}

SharedSet share_adding(const Source& source) {
  std::vector<NewColumn> columns;
  for (const Part& part : parts_of(source)) {
    columns.push_back({part.name + ".sequences", Type::f32, {part.count, source.window, 2}});
    columns.push_back({part.name + ".targets", Type::f32, {part.count, 1}});
  }
  SharedSet set = SharedSet::create(columns, {{"kind", "sequences"}, {"outputs", "1"}});
  for (const Part& part : parts_of(source)) {
    const MadeSequences made = adding(part.count, source.window, part.random());
    std::ranges::copy(made.steps, set.fill<float>(part.name + ".sequences").begin());
    std::ranges::copy(made.values, set.fill<float>(part.name + ".targets").begin());
  }
  return set;
}

SharedSet share_sparse_words(const Source& source) {
  Attributes attributes = two_classes;
  attributes["kind"] = "sparse";
  std::vector<NewColumn> columns;
  std::vector<MadeSparseTable> made;
  for (const Part& part : parts_of(source)) {
    made.push_back(sparse_words({.count = part.count}, Stream(0, 0, "made truth"), part.random()).documents);
    const auto stored = static_cast<std::int64_t>(made.back().values.size());
    columns.push_back({part.name + ".row_offsets", Type::i64, {part.count + 1}});
    columns.push_back({part.name + ".columns", Type::i32, {stored}});
    columns.push_back({part.name + ".values", Type::f32, {stored}});
    columns.push_back({part.name + ".labels", Type::i32, {part.count}});
  }
  attributes["width"] = std::to_string(made.front().width);
  SharedSet set = SharedSet::create(columns, std::move(attributes));
  for (std::size_t i = 0; i < made.size(); ++i) {
    const std::string part = parts_of(source)[i].name;
    std::ranges::copy(made[i].row_offsets, set.fill<std::int64_t>(part + ".row_offsets").begin());
    std::ranges::copy(made[i].columns, set.fill<std::int32_t>(part + ".columns").begin());
    std::ranges::copy(made[i].values, set.fill<float>(part + ".values").begin());
    fill_labels(set, part, made[i].classes);
  }
  return set;
}

struct Rule {
  std::string name, targets;
  SharedSet (*share)(const Source&);
};

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all{{"spirals", "classes", share_spirals},
                                     {"adding", "values", share_adding},
                                     {"sparse-words", "classes", share_sparse_words}};
  return all;
}

}  // namespace

SharedSet share_made(const Source& source) {
  if (source.count < 8)
    throw InputError("count = " + std::to_string(source.count) + " examples of " + source.file +
                     "; there must be 8 or more");
  Names names;
  for (const Rule& rule : rules()) {
    names.push_back(rule.name);
    if (rule.name != source.file) continue;
    if (rule.targets != source.targets)
      throw InputError("the rule " + rule.name + " makes " + rule.targets + ": write targets = \"" +
                       rule.targets + "\"");
    SharedSet set = rule.share(source);
    set.seal();
    return set;
  }
  throw InputError(unknown("rule that makes data", source.file, names));
}

}  // namespace basin::data
