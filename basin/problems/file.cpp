#include "basin/problems/file.hpp"

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/core/names.hpp"
#include "basin/losses/loss.hpp"
#include "basin/records/json.hpp"
#include "basin/storage/file.hpp"

namespace basin {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// --- reading

Json json_of_node(const toml::node& node, const std::string& key);

Json json_of_table(const toml::table& table) {
  Json out = Json::object();
  for (const auto& [key, node] : table)
    out[std::string(key.str())] = json_of_node(node, std::string(key.str()));
  return out;
}

Json json_of_node(const toml::node& node, const std::string& key) {
  if (const auto* table = node.as_table()) return json_of_table(*table);
  if (const auto* array = node.as_array()) {
    Json out = Json::array();
    for (const toml::node& item : *array) out.push_back(json_of_node(item, key));
    return out;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* whole = node.as_integer()) return whole->get();
  if (const auto* real = node.as_floating_point()) return real->get();
  throw InputError("'" + key + "' is neither a text nor a number");
}

// Throws for a key that the record does not have.
template <Record R>
void check_keys(const Json& json, const std::string& where) {
  Names known;
  std::apply([&](auto... field) { (known.emplace_back(field.name), ...); }, fields_of<R>());
  std::ranges::replace(known, std::string("layers"), std::string("network"));
  std::erase(known, "source");  // written as [data]
  for (const auto& [key, value] : json.items())
    if (std::ranges::find(known, key) == known.end()) throw InputError(unknown(where, key, known));
}

// One text may stand for a list of one.
void make_lists(Json& json, std::initializer_list<const char*> keys) {
  for (const char* key : keys)
    if (const auto found = json.find(key); found != json.end() && found->is_string())
      *found = Json::array({*found});
}

std::string absolute(const std::string& path, const fs::path& folder) {
  return path.empty() ? path : fs::absolute(folder / path).lexically_normal().string();
}

// A text of layers, or network.torchscript.
void take_network(Json& json, const Json& network) {
  if (network.is_string()) {
    json["layers"] = network;
    return;
  }
  if (!network.is_object() || network.empty())
    throw InputError("'network' must be a text, it is " + network.dump());
  for (const auto& [key, value] : network.items())
    if (key != "torchscript") throw InputError(unknown("key of network", key, Names{"torchscript"}));
  json["torchscript"] = network.at("torchscript");
}

Problem problem_of(Json json, const fs::path& folder) {
  check_keys<Problem>(json, "key");
  make_lists(json, {"metrics"});
  if (const auto network = json.find("network"); network != json.end()) take_network(json, *network);
  if (const auto data = json.find("data"); data != json.end() && data->is_object()) {
    check_keys<data::Source>(*data, "key of [data]");
    make_lists(*data, {"predict", "leave_out"});
    json["source"] = *data;
    json.erase("data");
  }
  Problem problem = json.get<Problem>();
  if (problem.source && problem.source->kind != "made") {
    problem.source->file = absolute(problem.source->file, folder);
    problem.source->test_file = absolute(problem.source->test_file, folder);
  }
  problem.torchscript = absolute(problem.torchscript, folder);
  check(problem);
  return problem;
}

void check_share(const char* name, double share) {
  if (!(share >= 0 && share < 1))
    throw InputError(std::string(name) + " = " + text_of(share) + "; it must be a share in [0, 1)");
}

void check_one_of(const char* name, const std::string& value, const Names& known) {
  if (std::ranges::find(known, value) == known.end()) throw InputError(unknown(name, value, known));
}

void check_least(const char* name, std::int64_t value, std::int64_t least) {
  if (value < least)
    throw InputError(std::string(name) + " = " + std::to_string(value) + "; it must be " +
                     std::to_string(least) + " or more");
}

void check_more_than_zero(const char* name, double value) {
  if (!(value > 0 && std::isfinite(value)))
    throw InputError(std::string(name) + " = " + text_of(value) + "; it must be more than 0");
}

// A name becomes that of a folder.
void check_name(const std::string& name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos)
    throw InputError("name = \"" + name + "\"; it must be a word without /");
}

// --- what judges, and what is judged

bool takes(const losses::Info& loss, metrics::Targets targets) {
  return loss.targets == targets || loss.takes_both;
}

[[noreturn]] void does_not_judge(const char* what, std::string_view name, metrics::Targets targets,
                                 const Names& others) {
  const bool classes = targets == metrics::Targets::classes;
  throw InputError(std::string(what) + " " + std::string(name) + " judges " +
                   (classes ? "values, but the targets are classes" : "classes, but the targets are values") +
                   "; take one of " + listed(others));
}

void check_loss(const losses::Loss& loss, metrics::Targets targets) {
  if (!takes(loss.info(), targets)) {
    Names others;
    for (const losses::Info& info : losses::loss_infos())
      if (takes(info, targets)) others.emplace_back(info.name);
    does_not_judge("loss", loss.name, targets, others);
  }
  if (targets == metrics::Targets::values && (loss.balanced || !loss.weights.empty()))
    throw InputError("loss " + loss.text() + ": it weighs classes, but the targets are values");
}

void check_metric(const std::string& name, metrics::Targets targets) {
  const metrics::Info metric = describe_metric(name);
  if (name == "loss" || metric.targets == targets) return;
  Names others;
  for (const metrics::Info& info : metrics::metric_infos())
    if (info.targets == targets) others.emplace_back(info.name);
  does_not_judge("metric", name, targets, others);
}

// An autoencoder returns pictures.
void check_predicts(const Problem& problem) {
  check_one_of("predicts", problem.predicts, {"target", "inputs"});
  static const Names pictures{"pictures", "idx", "cifar"};
  if (problem.predicts == "inputs" && problem.source &&
      std::ranges::find(pictures, problem.source->kind) == pictures.end())
    throw InputError("predicts = \"inputs\"; it must be target for data of the kind " + problem.source->kind);
}

void check(const data::Source& source) {
  check_one_of("targets", source.targets, {"classes", "values"});
  check_one_of("categories", source.categories, {"one-hot", "embed"});
  check_one_of("unit", source.unit, {"characters", "bytes"});
  check_share("test", source.test);
  check_share("validation", source.validation);
  check_least("window", source.window, 1);
  check_least("horizon", source.horizon, 1);
  check_least("count", source.count, 8);
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

}  // namespace

bool is_problem_file(const fs::path& name) { return name.extension() == ".toml"; }

void check(const Problem& problem) {
  check_name(problem.name);
  if (problem.layers.empty() && problem.torchscript.empty()) throw InputError("it has no network");
  if (!problem.layers.empty() && !problem.torchscript.empty())
    throw InputError("it has a network of layers and one of TorchScript; keep one");
  if (problem.data.empty() && !problem.source) throw InputError("it has no data");
  if (problem.source) check(*problem.source);
  check_predicts(problem);
  check_loss(losses::Loss::parse(problem.loss), targets_of(problem));
  for (const std::string& name : metrics_of(problem)) check_metric(name, targets_of(problem));
  if (!std::isfinite(problem.target)) throw InputError("target = " + text_of(problem.target));
  check_more_than_zero("images_per_second", problem.images_per_second);
  check_least("epochs", problem.epochs, 1);
  check_least("batch_size", problem.batch_size, 1);
  check_least("train_size", problem.train_size, 0);
}

Problem parse_problem(std::string_view text, const fs::path& folder, const std::string& file) {
  try {
    return problem_of(json_of_table(toml::parse(text)), folder);
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
