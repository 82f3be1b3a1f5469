#include "cli/study_file.hpp"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/core/names.hpp"
#include "basin/storage/file.hpp"
#include "cli/values.hpp"

namespace basin::cli {
namespace {

namespace fs = std::filesystem;

toml::table parse(const fs::path& file) {
  const std::vector<std::uint8_t> bytes = storage::read_file(file);
  try {
    return toml::parse(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  } catch (const toml::parse_error& e) {
    throw InputError(fmt::format("{}:{}: {}", file.string(), e.source().begin.line, e.description()));
  }
}

class Reader {
 public:
  Reader(const fs::path& file, std::string verb) : file_(file), verb_(std::move(verb)) {}

  Given operator()() {
    Given out;
    for (const auto& [key, node] : parse(file_)) {
      const std::string name = option_name(key.str());
      const Option& option = find(name, node);
      if (std::vector<std::string> texts = texts_of(option, node); !is_off(option, node))
        out[name] = std::move(texts);
    }
    if (const auto found = out.find("problem"); found != out.end()) resolve(found->second.front());
    return out;
  }

 private:
  // train_size, too: the records have it so.
  static std::string option_name(std::string_view key) {
    std::string out(key);
    std::ranges::replace(out, '_', '-');
    return out;
  }

  [[noreturn]] void fail(const toml::node& node, const std::string& what) const {
    throw InputError(fmt::format("{}:{}: {}", file_.string(), node.source().begin.line, what));
  }

  const Option& find(const std::string& name, const toml::node& node) {
    const auto found = std::ranges::find(options_, name, &Option::name);
    if (found != options_.end()) return *found;
    std::vector<std::string> names;
    for (const Option& option : options_) names.push_back(option.name);
    fail(node, unknown("option of basin " + verb_, name, names));
  }

  std::string text_of_value(const toml::node& node) const {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* whole = node.as_integer()) return std::to_string(whole->get());
    if (const auto* real = node.as_floating_point()) return as_typed(real->get());
    fail(node, "a text or a number must stand here");
  }

  std::vector<std::string> items_of(const toml::node& node) const {
    std::vector<std::string> out;
    if (const auto* array = node.as_array())
      for (const toml::node& item : *array) out.push_back(text_of_value(item));
    else
      out.push_back(text_of_value(node));
    if (out.empty()) fail(node, "the list is empty");
    return out;
  }

  static std::string joined(const std::vector<std::string>& items, const char* between) {
    std::string out;
    for (const std::string& item : items) out += (out.empty() ? "" : between) + item;
    return out;
  }

  // [search] adam.lr = "1e-5..1e-1", or [search.adam] lr = "1e-5..1e-1".
  void take_spaces(const toml::table& table, const std::string& before, std::vector<std::string>& out) const {
    for (const auto& [key, node] : table) {
      std::string name = before + std::string(key.str());
      if (const auto* inner = node.as_table()) {
        take_spaces(*inner, name + ".", out);
        continue;
      }
      const std::vector<std::string> items = items_of(node);
      const bool words = std::ranges::any_of(items, [](const auto& i) { return i.find(',') != i.npos; });
      if (name == "batch-size") name = "batch_size";
      out.push_back(name + "=" + joined(items, words ? "|" : ","));
    }
  }

  std::vector<std::string> texts_of(const Option& option, const toml::node& node) const {
    if (const auto* table = node.as_table()) {
      if (option.name != "search") fail(node, option.name + " is no table");
      std::vector<std::string> out;
      take_spaces(*table, "", out);
      return out;
    }
    if (node.is_boolean()) {
      if (option.setting.form == Form::flag) return {};
      if (option.setting.form == Form::bare) return {""};
      fail(node, option.name + " has a value");
    }
    if (option.setting.form == Form::flag) fail(node, option.name + " must be true or false");
    if (option.setting.form == Form::repeated || option.setting.form == Form::rest) return items_of(node);
    return {joined(items_of(node), ",")};
  }

  static bool is_off(const Option&, const toml::node& node) {
    const auto* value = node.as_boolean();
    return value && !value->get();
  }

  void resolve(std::string& problem) const {
    const fs::path beside = file_.parent_path() / problem;
    std::error_code ignored;
    if (fs::path(problem).is_relative() && fs::exists(beside, ignored)) problem = beside.string();
  }

  const fs::path& file_;
  std::string verb_;
  std::vector<Option> options_ = options_of(verb_);
};

std::string quoted(const std::string& text) {
  if (number_of(text)) return text;
  return (std::ostringstream() << toml::value<std::string>(text)).str();
}

std::string value_of(const Option& option, const std::vector<std::string>& texts) {
  if (option.setting.form == Form::flag) return "true";
  if (option.setting.form == Form::bare && texts.front().empty()) return "true";
  if (option.setting.form != Form::repeated && option.setting.form != Form::rest)
    return quoted(texts.front());
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + quoted(text);
  return "[" + out + "]";
}

// A problem's file is named from everywhere.
std::string place_of(const std::string& problem) {
  std::error_code ignored;
  return fs::exists(problem, ignored) ? fs::absolute(problem).lexically_normal().string() : problem;
}

}  // namespace

bool is_study_file(const fs::path& file) {
  if (file.extension() != ".toml") return false;
  try {
    const toml::table table = parse(file);
    return table.contains("problem");
  } catch (const InputError&) {
    return false;
  }
}

Given read_study_file(const fs::path& file, const std::string& verb) { return Reader(file, verb)(); }

std::string study_file(const std::string& verb, const Given& given) {
  std::vector<Option> options = options_of(verb);
  std::ranges::stable_sort(options, {}, &Option::place);
  std::string out = fmt::format("# Repeats the study: basin {} THIS_FILE\n", verb);
  for (const Option& option : options) {
    const auto found = given.find(option.name);
    const bool implied = option.name == "problem" && !given.contains("command");
    if (option.place == 0 || (found == given.end() && !implied)) continue;
    const std::vector<std::string> texts =
        found == given.end() ? std::vector{option.setting.usual} : found->second;
    if (option.name == "problem")
      out += fmt::format("problem = {}\n", quoted(place_of(texts.front())));
    else
      out += fmt::format("{} = {}\n", option.name, value_of(option, texts));
  }
  return out;
}

}  // namespace basin::cli
