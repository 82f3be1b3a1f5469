#include "basin/problems/file.hpp"

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include <algorithm>
#include <concepts>
#include <utility>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/core/names.hpp"
#include "basin/problems/check.hpp"
#include "basin/storage/file.hpp"

namespace basin {
namespace {

namespace fs = std::filesystem;

// --- reading

std::string absolute(const std::string& path, const fs::path& folder) {
  return path.empty() ? path : fs::absolute(folder / path).lexically_normal().string();
}

[[noreturn]] void wrong(const toml::node& node, const std::string& message) {
  throw InputError("line " + std::to_string(node.source().begin.line) + ": " + message);
}

std::string found_text(const toml::node& found) {
  if (const auto* text = found.as_string()) return '"' + text->get() + '"';
  if (const auto* whole = found.as_integer()) return std::to_string(whole->get());
  if (const auto* real = found.as_floating_point()) return text_of(real->get());
  if (const auto* truth = found.as_boolean()) return truth->get() ? "true" : "false";
  return found.is_array() ? "a list" : found.is_table() ? "a table" : "a date or time";
}

[[noreturn]] void wrong_type(std::string_view key, const char* wanted, const toml::node& found) {
  wrong(found, std::string(key) + " must be " + wanted + ", found " + found_text(found));
}

void read(std::string_view key, const toml::node& node, std::string& out) {
  const auto* text = node.as_string();
  if (!text) wrong_type(key, "a text", node);
  out = text->get();
}

void read(std::string_view key, const toml::node& node, double& out) {
  if (!node.is_number()) wrong_type(key, "a number", node);
  out = *node.value<double>();
}

void read(std::string_view key, const toml::node& node, std::integral auto& out) {
  const auto* whole = node.as_integer();
  if (!whole || !std::in_range<std::remove_reference_t<decltype(out)>>(whole->get()))
    wrong_type(key, "a whole number", node);
  out = static_cast<std::remove_reference_t<decltype(out)>>(whole->get());
}

// One text stands for a list of one.
void read(std::string_view key, const toml::node& node, Names& out) {
  out.clear();
  if (const auto* list = node.as_array())
    for (const toml::node& item : *list) read(key, item, out.emplace_back());
  else if (node.is_string())
    read(key, node, out.emplace_back());
  else
    wrong_type(key, "a text or a list of texts", node);
}

// Throws for a key that is not among these. `what` stands in the message.
void check_keys(const toml::table& table, const char* what, const Names& known) {
  for (const auto& [key, value] : table)
    if (std::ranges::find(known, key.str()) == known.end())
      wrong(value, unknown(what, std::string(key.str()), known));
}

template <Record R>
Names names_of() {
  Names out;
  std::apply([&](auto... field) { (out.emplace_back(field.name), ...); }, fields_of<R>());
  return out;
}

// Reads the fields under whose names the table has a value. `data` is not always text (`read_data`).
template <Record R>
void read_fields(const toml::table& table, R& out) {
  for_each_member(out, [&](auto field, auto& value) {
    if (field.name == "data") return;
    const toml::node* node = table.get(field.name);
    if constexpr (requires { read(field.name, *node, value); }) {
      if (node) read(field.name, *node, value);
      if (!node && field.is(trait::required)) wrong(table, std::string(field.name) + " is missing");
    }
  });
}

// A text of layers, or network.torchscript.
void read_network(const toml::node& node, Problem& out) {
  const auto* table = node.as_table();
  if (!table) return read("network", node, out.layers);
  check_keys(*table, "key of network", {"torchscript"});
  if (const toml::node* module = table->get("torchscript")) read("torchscript", *module, out.torchscript);
}

// The name of a known set, or a source.
void read_data(const toml::node& node, const fs::path& folder, Problem& out) {
  const auto* table = node.as_table();
  if (!table) return read("data", node, out.data);
  data::Source& source = out.source.emplace();
  check_keys(*table, "key of [data]", names_of<data::Source>());
  read_fields(*table, source);
  if (source.kind == "made") return;
  source.file = absolute(source.file, folder);
  source.test_file = absolute(source.test_file, folder);
}

// A program brings its own data, network and loss, and says itself what ranks.
void read_program(const toml::node& node, const toml::table& beside, const fs::path& folder, Problem& out) {
  for (const char* key : {"data", "network", "loss", "metric", "predicts"})
    if (const toml::node* other = beside.get(key))
      wrong(*other, std::string(key) + " stands beside [program], which has its own" +
                        (std::string_view(key) == "metric" ? "; write it there" : ""));
  const auto* table = node.as_table();
  if (!table) wrong_type("program", "a table", node);
  check_keys(*table, "key of [program]", names_of<Program>());
  Program program;
  read_fields(*table, program);
  program.folder = absolute(program.folder, folder);
  try {
    out = program_problem(out.name, program);
  } catch (const InputError& e) {
    wrong(node, e.what());
  }
}

Problem problem_of(const toml::table& table, const fs::path& folder) {
  Names known = names_of<Problem>();
  std::ranges::replace(known, std::string("layers"), std::string("network"));
  std::erase(known, "source");  // written as [data]
  std::erase(known, "torchscript");
  check_keys(table, "key", known);
  Problem out;
  if (const toml::node* program = table.get("program")) read_program(*program, table, folder, out);
  if (const toml::node* network = table.get("network")) read_network(*network, out);
  if (const toml::node* data = table.get("data")) read_data(*data, folder, out);
  read_fields(table, out);
  out.torchscript = absolute(out.torchscript, folder);
  return out;
}

// Throws what `check` refuses, with the line of the value.
void check_lines(const Problem& problem, const toml::table& table) {
  try {
    check(problem);
  } catch (const WrongValue& e) {
    if (const toml::node* node = table.at_path(e.key).node()) wrong(*node, e.what());
    throw;
  }
}

// --- writing

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (is_control(c)) {
      constexpr const char* digits = "0123456789ABCDEF";
      out += std::string("\\u00") + digits[c >> 4] + digits[c & 15];
    } else {
      out += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
    }
  }
  return out + '"';
}

// A comment must not hold what ends it.
std::string comment(std::string_view line) {
  std::string out = "# " + std::string(line) + "\n";
  std::replace_if(out.begin(), out.end() - 1, is_control, ' ');
  return out;
}

std::string value_text(const std::string& value) { return quoted(value); }
std::string value_text(double value) {
  const std::string text = text_of(value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}
std::string value_text(std::integral auto value) { return std::to_string(value); }
std::string value_text(const Names& values) {
  std::string out;
  for (const std::string& value : values) out += (out.empty() ? "" : ", ") + quoted(value);
  return "[" + out + "]";
}

std::string relative(const std::string& path, const fs::path& folder) {
  if (path.empty()) return path;
  const fs::path below = fs::path(path).lexically_relative(fs::absolute(folder).lexically_normal());
  return below.empty() || below.string().starts_with("..") ? path : below.string();
}

// A line for each field that is not as it is by default, and for each that a reader must see.
template <Record R>
std::string lines_of(const R& record, const Names& always) {
  std::string out;
  const R usual{};
  for_each_member(record, [&](auto field, const auto& value) {
    if constexpr (requires { value_text(value); }) {
      if (field.name == "layers" && value == usual.*field.member) return;
      const std::string key = field.name == "layers"        ? "network"
                              : field.name == "torchscript" ? "network.torchscript"
                                                            : std::string(field.name);
      const bool shown = std::ranges::find(always, key) != always.end();
      if (!shown && value == usual.*field.member) return;
      std::string line = key + " = " + value_text(value);
      if (!field.help.empty())
        line += std::string(std::max<std::size_t>(2, line.size() < 44 ? 44 - line.size() : 2), ' ') + "# " +
                std::string(field.help);
      out += line + "\n";
    }
  });
  return out;
}

std::string program_text(Problem problem, const fs::path& folder) {
  Program program = *problem.program;
  program.folder = relative(program.folder, folder);
  const Problem usual;
  problem.loss = usual.loss;  // the program has its own
  problem.metric = usual.metric;
  return lines_of(problem, {"name", "epochs"}) + "\n[program]\n" + lines_of(program, {"command", "metric"});
}

}  // namespace

bool is_problem_file(const fs::path& name) { return name.extension() == ".toml"; }

Problem parse_problem(std::string_view text, const fs::path& folder, const std::string& file) {
  try {
    const toml::table table = toml::parse(text);
    Problem problem = problem_of(table, folder);
    check_lines(problem, table);
    return problem;
  } catch (const toml::parse_error& e) {
    const auto at = e.source().begin;
    throw InputError(file + ": line " + std::to_string(at.line) + ", column " + std::to_string(at.column) +
                     ": " + std::string(e.description()));
  } catch (const InputError& e) {
    throw InputError(file + ": " + e.what());
  }
}

Problem read_problem(const fs::path& file) {
  const std::vector<std::uint8_t> bytes = storage::read_file(file);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return parse_problem(text, file.parent_path(), file.string());
}

std::string problem_text(const Problem& problem, const fs::path& folder, const std::string& seen) {
  if (problem.program) return program_text(problem, folder);
  Problem shown = problem;
  if (shown.source) shown.data.clear();  // the source says where they are
  std::string out = lines_of(shown, {"name", "network", "loss", "metric", "target", "epochs", "batch_size"});
  if (!problem.source) return out;
  data::Source source = *problem.source;
  if (source.kind != "made") {
    source.file = relative(source.file, folder);
    source.test_file = relative(source.test_file, folder);
  }
  out += "\n[data]\n";
  for (const std::string_view line : pieces(seen, '\n'))
    if (!line.empty()) out += comment(line);
  Names always{"kind", "file", "validation"};
  if (source.test_file.empty()) always.push_back("test");
  if (source.kind == "table") always.insert(always.end(), {"targets", "categories"});
  if (source.kind == "text" || source.kind == "series") always.push_back("window");
  return out + lines_of(source, always);
}

}  // namespace basin
