// basin list: what can be named on the command line.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>

#include "basin/app/problem_lookup.hpp"
#include "basin/app/units.hpp"
#include "basin/core/knobs.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/kernels/link_table.hpp"
#include "basin/losses/loss.hpp"
#include "basin/network/initializers.hpp"
#include "basin/network/layer_roles.hpp"
#include "basin/network/networks.hpp"
#include "basin/problems/problems.hpp"
#include "basin/rules/catalogue.hpp"
#include "basin/schedules/text.hpp"
#include "basin/search/pruners.hpp"
#include "basin/search/samplers.hpp"
#include "cli/first_step.hpp"
#include "cli/listing.hpp"
#include "cli/metric_text.hpp"
#include "cli/text_table.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {
namespace {

std::string defaults_of(const std::vector<Knob>& knobs) {
  std::string out;
  for (const Knob& knob : knobs)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", knob.name, text_of(knob.initial));
  return out;
}

std::string optimizers() {
  std::vector<std::vector<std::string>> rows;
  for (const RuleInfo& rule : catalogue())
    if (rule.dialect_of.empty())
      rows.push_back({rule.name, rule.title, std::to_string(rule.slots.size()), defaults_of(rule.knobs)});
  return text_table({{"optimizer"}, {"title"}, {"slots", Align::right}, {"knobs and their defaults"}}, rows) +
         "\nAs computed by Keras, Optax and others: --set rmsprop.dialect=keras (basin list dialects)\n";
}

std::string dialect_table() {
  std::vector<std::vector<std::string>> rows;
  for (const Dialect& dialect : dialects()) {
    const RuleInfo& rule = *dialect.computed;
    rows.push_back({dialect.rule->name, listed(dialect.libraries), fmt::format("{:.4g}", first_step(rule, 1)),
                    fmt::format("{:.4g}", first_step(rule, 1e-4)), defaults_of(rule.knobs)});
  }
  return text_table({{"optimizer"},
                     {"dialect"},
                     {"g = 1", Align::right},
                     {"g = 1e-4", Align::right},
                     {"knobs and their defaults"}},
                    rows) +
         "\ng: the first step of a weight of 1 under that gradient, in units of the rate\n";
}

std::string links() {
  std::vector<std::vector<std::string>> rows;
  for (const kernels::LinkTable* table : kernels::link_tables()) {
    const kernels::LinkInfo& link = table->info;
    rows.push_back(
        {link.name, link.place == Place::gradient ? "before" : "after", link.title, defaults_of(link.knobs)});
  }
  return text_table({{"link"}, {"position"}, {"what it is"}, {"settings and their defaults"}}, rows) +
         "\nPlace them around an optimizer, with settings after colons: clip_global_norm:1+adam+cautious\n";
}

// What kind of data a problem has, in the order of the table.
std::string group_of(const Problem& problem) {
  const std::string kind = problem.source ? problem.source->kind : "images";
  return kind == "images"                      ? "pictures"
         : kind == "table" || kind == "sparse" ? "tables and rows"
         : kind == "made"                      ? "made, without a file"
                                               : "series and texts";
}

// Returns a list of layers on several lines, each ending with a comma.
std::string wrapped(std::string layers) {
  for (std::size_t at = 44; at < layers.size(); at += 44) {
    const std::size_t comma = layers.rfind(", ", at);
    if (comma != std::string::npos && at - comma < 44) layers.replace(comma, 2, ",\n"), at = comma;
  }
  return layers;
}

std::string problem_table() {
  std::vector<std::vector<std::string>> rows;
  std::string group;
  for (const Problem& p : problems()) {
    if (group_of(p) != group) rows.push_back({group = group_of(p) + ":"}), group.pop_back();
    const std::string data = p.data.empty() ? "" : p.data + (app::has_data(p) ? "" : " (not here)");
    const std::string target = p.target == 0 ? "" : p.metric + " " + metric_text(p.metric, p.target);
    rows.push_back({p.name, data, target, std::to_string(p.epochs), wrapped(p.layers)});
  }
  for (auto& row : rows) row.resize(5);
  return text_table({{"problem"}, {"data"}, {"target"}, {"epochs", Align::right}, {"network"}}, rows) +
         "\nA file of data is a problem, too: basin compare housing.csv --predict median_house_value\n";
}

std::string initializer_table() {
  std::vector<std::vector<std::string>> rows;
  for (const nn::InitializerInfo& info : nn::initializer_infos())
    rows.push_back({info.name, info.title, defaults_of(info.knobs) + (info.has_fan ? ", fan" : "")});
  return text_table({{"initializer"}, {"what it is"}, {"settings and their defaults"}}, rows) +
         "\nWith settings: 'kaiming_normal gain=tanh fan=out bias=0.1'; other layers: 'he_normal head=zeros' "
         "(conv, "
         "linear, head)\n";
}

std::string layer_table() {
  std::vector<std::vector<std::string>> rows;
  for (const nn::LayerInfo& info : nn::layer_infos())
    rows.push_back({std::string(info.usage), std::string(info.title)});
  return text_table({{"layer"}, {"what it is"}}, rows) +
         "\nSeparated by commas: 'rows, lstm 64, last, linear outputs'; outputs stands for the number of "
         "outputs\n";
}

std::string network_table() {
  std::vector<std::vector<std::string>> rows;
  for (const nn::NetworkInfo& info : nn::network_infos()) {
    const auto& [in, outputs] = info.example;
    const std::string layers = nn::expand_network(info.name, in, outputs);
    rows.push_back({std::string(info.usage), std::string(info.title),
                    fmt::format("{}; {}", nn::text_of(in), outputs),
                    app::grouped(nn::parameter_count(nn::parse_layers(layers, in))), wrapped(layers)});
  }
  return text_table(
      {{"network"}, {"what it is"}, {"for example, input; outputs"}, {"weights", Align::right}, {"layers"}},
      rows);
}

// Draws the factor over a run of ten epochs, four letters per epoch.
std::string drawing(std::string_view shape) {
  static constexpr std::array levels{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr int columns = 40, steps = 1000;
  const Schedule schedule = Schedule::parse(shape);
  std::string out;
  for (int i = 0; i < columns; ++i) {
    const double factor = schedule.factor(i * (steps - 1.0) / (columns - 1), steps, steps / 10.0);
    out += levels[static_cast<std::size_t>(std::clamp(factor, 0.0, 1.0) * 7 + 0.5)];
  }
  return out;
}

std::string default_text(const Knob& knob) {
  const bool epochs = knob.initial < 0;
  return fmt::format("{} {}{}", knob.name, text_of(std::abs(knob.initial)), epochs ? "ep" : "");
}

std::string schedules() {
  std::vector<std::vector<std::string>> rows;
  for (const ShapeInfo& shape : schedule_shapes()) {
    std::string knobs;
    for (const Knob& knob : shape.knobs) knobs += (knobs.empty() ? "" : ", ") + default_text(knob);
    rows.push_back({std::string(shape.name), drawing(shape.name), knobs});
  }
  return text_table({{"schedule"}, {"over a run of 10 epochs"}, {"settings and their defaults"}}, rows) +
         "\nIn sequence, with lengths in steps or epochs, or as products: 'warmup 1ep, cosine', "
         "'drop 3ep * drop 6ep'\n";
}

// Lists the parameters of each network by role.
std::string role_table() {
  std::vector<std::vector<std::string>> roles, parameters;
  for (const nn::RoleInfo& info : nn::role_infos)
    roles.push_back({std::string(info.name), std::string(info.title)});
  for (const Problem& problem : problems()) {
    if (!app::is_image_set(problem)) continue;  // the layers of others follow from their data
    std::string name = problem.name;
    for (const nn::RoleInfo& info : nn::role_infos) {
      std::string names;
      std::int64_t weights = 0, count = 0;
      for (const nn::LayerParameter& p : nn::parameters_of(app::layers_of(problem))) {
        if (nn::name_of(p.role) != info.name) continue;
        names += (count == 0 ? "" : count % 4 == 0 ? ",\n" : ", ") + p.name;
        ++count;
        weights += p.weights;
      }
      if (!names.empty())
        parameters.push_back({std::exchange(name, ""), std::string(info.name), app::grouped(weights), names});
    }
  }
  return text_table({{"role"}, {"what it is"}}, roles) + "\n" +
         text_table({{"problem"}, {"role"}, {"weights", Align::right}, {"parameters"}}, parameters) +
         "\nGroups with their own rule and settings: --groups 'norm bias: weight_decay 0; "
         "head: sgd, lr 0.1x'\n";
}

std::string data_table() {
  std::vector<std::vector<std::string>> rows;
  for (const data::DataSet& set : data::data_sets()) rows.push_back({set.name, set.summary});
  return text_table({{"data set"}, {"summary"}}, rows);
}

std::string metric_table() {
  std::vector<std::vector<std::string>> rows;
  for (const metrics::Info& info : metrics::metric_infos())
    rows.push_back({std::string(info.name), info.better == metrics::Better::larger ? "larger" : "smaller",
                    info.targets == metrics::Targets::classes ? "classes" : "values",
                    std::string(info.help)});
  return text_table({{"metric"}, {"better"}, {"judges"}, {"what it is"}}, rows);
}

std::string pruner_table() {
  std::vector<std::vector<std::string>> rows;
  for (const search::pruners::Info& info : search::pruner_infos())
    rows.push_back({std::string(info.name), std::string(info.help)});
  return text_table({{"pruner"}, {"what it does"}}, rows);
}

std::string loss_table() {
  std::vector<std::vector<std::string>> rows;
  for (const losses::Info& info : losses::loss_infos())
    rows.push_back({std::string(info.name), info.targets == losses::Targets::classes ? "classes" : "values",
                    std::string(info.help)});
  return text_table({{"loss"}, {"of"}, {"what it is"}}, rows) +
         "\nWith settings: 'cross_entropy balanced', 'cross_entropy weights 1 3', 'huber 0.5'\n";
}

std::string sampler_table() {
  std::vector<std::vector<std::string>> rows;
  for (const search::SamplerInfo& sampler : search::sampler_infos())
    rows.push_back({std::string(sampler.name), std::string(sampler.help), defaults_of(sampler.knobs)});
  return text_table({{"sampler"}, {"how it chooses"}, {"settings and their defaults"}}, rows) +
         "\nWith settings: 'tpe startup 20, candidates 48'\n";
}

struct Kind {
  std::string name;
  std::string (*table)();
  nlohmann::ordered_json (*json)();
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all{{"optimizers", optimizers, listed_optimizers},
                                     {"dialects", dialect_table, listed_dialects},
                                     {"links", links, listed_links},
                                     {"schedules", schedules, listed_schedules},
                                     {"problems", problem_table, listed_problems},
                                     {"initializers", initializer_table, listed_initializers},
                                     {"layers", layer_table, listed_layers},
                                     {"networks", network_table, listed_networks},
                                     {"losses", loss_table, listed_losses},
                                     {"metrics", metric_table, listed_metrics},
                                     {"samplers", sampler_table, listed_samplers},
                                     {"pruners", pruner_table, listed_pruners},
                                     {"roles", role_table, listed_roles},
                                     {"data", data_table, listed_data}};
  return all;
}

std::vector<Kind> asked_for(const std::string& name) {
  if (name.empty()) return kinds();
  std::vector<std::string> names;
  for (const Kind& kind : kinds()) {
    if (kind.name == name) return {kind};
    names.push_back(kind.name);
  }
  throw InputError(unknown("list", name, names));
}

int print_tables(const std::vector<Kind>& asked) {
  for (std::size_t i = 0; i < asked.size(); ++i) fmt::print("{}{}", i > 0 ? "\n" : "", asked[i].table());
  return 0;
}

int print_json(const std::vector<Kind>& asked) {
  nlohmann::ordered_json out;
  for (const Kind& kind : asked) out[kind.name] = kind.json();
  fmt::print("{}\n", out.dump(2));
  return 0;
}

}  // namespace

Verb list() {
  return {
      "list",
      "What can be named: optimizers, dialects, links, schedules, problems, initializers, layers, networks, "
      "losses, metrics, samplers, pruners, roles, data",
      "basin list optimizers", [](CLI::App& app) -> Action {
        const auto asked = std::make_shared<std::optional<std::string>>();
        const auto json = std::make_shared<bool>(false);
        argument(app, "what", *asked,
                 "optimizers, dialects, links, schedules, problems, initializers, layers, networks, losses, "
                 "metrics, samplers, pruners, roles or data; all when left out");
        app.add_flag("--json", *json, "one JSON document on standard output");
        return [asked, json] {
          const std::vector<Kind> kinds = asked_for(asked->value_or(""));
          return *json ? print_json(kinds) : print_tables(kinds);
        };
      }};
}

}  // namespace basin::cli
