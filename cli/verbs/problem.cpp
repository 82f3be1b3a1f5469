// basin problem: writes the problem that basin makes of data, as a file to look at and to change.
#include <fmt/format.h>

#include <memory>

#include "basin/app/problem_lookup.hpp"
#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/core/whole_file.hpp"
#include "basin/problems/file.hpp"
#include "cli/values.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {
namespace {

namespace fs = std::filesystem;

struct Asked {
  std::optional<std::string> data, predict, out;
};

// Refuses to replace a file.
fs::path place_of(const Asked& asked, const std::string& name) {
  const fs::path place = path_of("--out", asked.out).value_or(name + ".toml");
  std::error_code error;
  if (fs::exists(place, error))
    throw InputError(fmt::format("{} is there already; name another file with --out", place.string()));
  return place;
}

int write_problem(const Asked& asked) {
  const std::string& data = wanted("DATA", asked.data);
  std::error_code error;
  if (!fs::exists(data, error)) throw InputError(data + ": there is no such file or folder");
  const app::FoundProblem found =
      app::problem_for(data, asked.predict ? column_names("--predict", *asked.predict) : data::Names{});
  const Problem& problem = found.info.problem;
  const fs::path place = place_of(asked, problem.name);
  const std::string text = fmt::format("# Run it: basin compare {}\n\n{}", place.string(),
                                       problem_text(problem, fs::absolute(place).parent_path(), found.seen));
  parse_problem(text, fs::absolute(place).parent_path(), place.string());  // it can be read again
  write_atomically(place, text);
  fmt::print("{}{}: written\n\n  basin compare {}\n", found.seen, place.string(), place.string());
  return 0;
}

}  // namespace

Verb problem() {
  return {"problem", "Write the problem that basin makes of your data, as a file to look at and to change",
          "basin problem housing.csv --predict median_house_value", [](CLI::App& app) -> Action {
            const auto asked = std::make_shared<Asked>();
            argument(app, "data", asked->data,
                     "a file or folder: CSV, LIBSVM, text, pictures by class, IDX, CIFAR");
            argument(app, "--predict", asked->predict,
                     "the columns of a table to predict, with commas between");
            argument(app, "--out", asked->out, "the file to write; NAME.toml when left out");
            return [asked] { return write_problem(*asked); };
          }};
}

}  // namespace basin::cli
