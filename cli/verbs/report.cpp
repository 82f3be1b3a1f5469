// basin report: writes the report of a study again, from its store.
#include <fmt/format.h>

#include <memory>

#include "basin/app/study_folder.hpp"
#include "basin/core/error.hpp"
#include "cli/values.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {
namespace {

int write_again(const std::string& path) {
  const app::StudyFolder folder{path};
  app::write_outputs(folder, app::read_study(folder));
  for (const auto& file : {folder.report(), folder.results(), folder.curves()})
    fmt::print("{}\n", file.string());
  return 0;
}

}  // namespace

Verb report() {
  return {"report", "Write report.html, results.json and curves.csv of a study again",
          "basin report runs/fmnist-cnn-1", [](CLI::App& app) -> Action {
            const auto folder = std::make_shared<std::optional<std::string>>();
            argument(app, "dir", *folder, "the folder of the study");
            return [folder] { return write_again(wanted("DIR", *folder)); };
          }};
}

}  // namespace basin::cli
