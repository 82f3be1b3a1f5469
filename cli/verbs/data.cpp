// basin data: where each data set was found, and what to do about those that were not.
#include <fmt/format.h>

#include <memory>

#include "basin/app/units.hpp"
#include "basin/core/error.hpp"
#include "basin/data/data_sets.hpp"
#include "cli/text_table.hpp"
#include "cli/values.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {
namespace {

int print_places(const std::optional<std::string>& data_dir) {
  const auto folder = path_of("--data-dir", data_dir);
  std::vector<std::vector<std::string>> rows;
  std::string remedies;
  for (const data::DataSet& set : data::data_sets()) {
    std::string place = "not found";
    try {
      place = data::locate(set, folder).string();
      data::check_available(set.name, folder);
    } catch (const InputError& error) {
      if (place != "not found") place += " (damaged)";
      remedies += fmt::format("\n{}\n", error.what());
    }
    rows.push_back({set.name, place, set.summary});
  }
  fmt::print("{}{}", text_table({{"data set"}, {"where"}, {"what"}}, rows), remedies);
  return 0;
}

}  // namespace

Verb data() {
  return {"data", "Where each data set was found", "basin data --data-dir ~/data",
          [](CLI::App& app) -> Action {
            const auto data_dir = std::make_shared<std::optional<std::string>>();
            argument(app, "--data-dir", *data_dir, "the only folder to look in");
            return [data_dir] { return print_places(*data_dir); };
          }};
}

}  // namespace basin::cli
