// basin data: where each data set was found, and what to do about those that were not.
#include <fmt/format.h>

#include <map>
#include <memory>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/problems/problems.hpp"
#include "cli/text_table.hpp"
#include "cli/values.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;
using Folder = std::optional<std::filesystem::path>;

// Adds a row for each known set of images, and what to do about those that are not there.
void add_images(const Folder& folder, Rows& rows, std::string& remedies) {
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
}

// The files that built-in problems are made of, and the problems that need them.
struct Files {
  data::Source source;
  Names problems;
  std::string text() const {
    return source.test_file.empty() ? source.file : source.file + ", " + source.test_file;
  }
};

std::map<std::string, Files> files_of_problems() {
  std::map<std::string, Files> out;
  for (const Problem& problem : problems()) {
    if (!problem.source || problem.source->kind == "made") continue;
    Files& files = out[problem.data];
    files.source = *problem.source;
    files.problems.push_back(problem.name);
  }
  return out;
}

void add_files(const Folder& folder, Rows& rows, std::string& remedies) {
  for (const auto& [name, files] : files_of_problems()) {
    std::string place = "not found";
    try {
      place = data::locate_files(name, files.source, folder).string();
    } catch (const InputError& error) {
      remedies += fmt::format("\n{}\n", error.what());
    }
    rows.push_back({name, place, fmt::format("{}: for {}", files.text(), listed(files.problems))});
  }
}

int print_places(const std::optional<std::string>& data_dir) {
  const Folder folder = path_of("--data-dir", data_dir);
  Rows rows;
  std::string remedies;
  add_images(folder, rows, remedies);
  add_files(folder, rows, remedies);
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
