// basin list: what can be named on the command line.
#include <fmt/format.h>

#include <memory>

#include "basin/core/knobs.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/kernels/link_table.hpp"
#include "basin/nn/initializers.hpp"
#include "basin/problems/problems.hpp"
#include "basin/rules/catalogue.hpp"
#include "cli/problem_lookup.hpp"
#include "cli/text_table.hpp"
#include "cli/units.hpp"
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
    rows.push_back({rule.name, rule.title, std::to_string(rule.slots.size()), defaults_of(rule.knobs)});
  return text_table({{"optimizer"}, {"title"}, {"slots", Align::right}, {"knobs and their defaults"}}, rows);
}

std::string links() {
  std::vector<std::vector<std::string>> rows;
  for (const kernels::LinkTable* table : kernels::link_tables()) {
    const kernels::LinkInfo& link = table->info;
    rows.push_back(
        {link.name, link.place == Place::gradient ? "before" : "after", link.title, defaults_of(link.knobs)});
  }
  return text_table({{"link"}, {"stands"}, {"what it is"}, {"settings and their defaults"}}, rows) +
         "\nWrite them around an optimizer, settings after colons: clip_global_norm:1+adam+cautious\n";
}

std::string problem_table() {
  std::vector<std::vector<std::string>> rows;
  for (const Problem& p : problems()) {
    const study::ProblemInfo info = info_of(p);
    rows.push_back(
        {p.name, p.data, grouped(info.parameters), text_of(p.target), std::to_string(p.epochs), p.layers});
    std::string& layers = rows.back().back();
    for (std::size_t at = 44; at < layers.size(); at += 44) {  // wrapped at a comma
      const std::size_t comma = layers.rfind(", ", at);
      if (comma != std::string::npos && at - comma < 44) layers.replace(comma, 2, ",\n"), at = comma;
    }
  }
  return text_table({{"problem"},
                     {"data"},
                     {"weights", Align::right},
                     {"target", Align::right},
                     {"epochs", Align::right},
                     {"layers"}},
                    rows);
}

std::string initializer_table() {
  std::vector<std::vector<std::string>> rows;
  for (const std::string& name : nn::initializers()) rows.push_back({name});
  return text_table({{"initializer"}}, rows);
}

std::string data_table() {
  std::vector<std::vector<std::string>> rows;
  for (const data::DataSet& set : data::data_sets()) rows.push_back({set.name, set.summary});
  return text_table({{"data set"}, {"summary"}}, rows);
}

struct Kind {
  std::string name;
  std::string (*table)();
};

int print_tables(const std::string& asked) {
  const std::vector<Kind> kinds{{"optimizers", optimizers},
                                {"links", links},
                                {"problems", problem_table},
                                {"initializers", initializer_table},
                                {"data", data_table}};
  std::vector<std::string> names, tables;
  for (const Kind& kind : kinds) {
    names.push_back(kind.name);
    if (asked.empty() || asked == kind.name) tables.push_back(kind.table());
  }
  if (tables.empty()) throw InputError(unknown("list", asked, names));
  for (std::size_t i = 0; i < tables.size(); ++i) fmt::print("{}{}", i > 0 ? "\n" : "", tables[i]);
  return 0;
}

}  // namespace

Verb list() {
  return {"list", "What can be named: optimizers, links, problems, initializers, data",
          "basin list optimizers", [](CLI::App& app) -> Action {
            const auto asked = std::make_shared<std::optional<std::string>>();
            argument(app, "what", *asked,
                     "optimizers, links, problems, initializers or data; all of them when left out");
            return [asked] { return print_tables(asked->value_or("")); };
          }};
}

}  // namespace basin::cli
