// A problem as a file of TOML: what `basin problem` writes, and what compare, train and lr-find take by its
// name.
//
//   name = "housing"
//   network = "linear 64, relu, linear 64, relu, linear outputs"
//   loss = "mse"
//   metric = "rmse"
//   [data]
//   kind = "table"
//   file = "housing.csv"              relative to the problem's file
//   predict = ["median_house_value"]
//
// A table [program] in the place of network, loss, metric and data makes any program a problem
// (program.hpp):
//
//   name = "mine"
//   [program]
//   command = ["python3", "train.py", "--lr", "{lr}"]
//   metric = "val_loss min"
//
// Accepts  the fields of Problem (problem.hpp) and, in [data], those of Source (data/source.hpp); in
//          [program], those of Program; `network`
//          is the field `layers`; one text where a list of texts belongs
// Refuses  with InputError that names file and line: what is not TOML; an unknown key, with the nearest one;
//          a value of another type, or one that `check` refuses (problems/check.hpp)
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "basin/problems/problem.hpp"

namespace basin {

// Whether the name is that of a problem's file: it ends in .toml.
bool is_problem_file(const std::filesystem::path& name);

// Reads a problem. Its paths become absolute.
Problem read_problem(const std::filesystem::path& file);
// The same from text; relative paths are those from `folder`. `file` stands in messages.
Problem parse_problem(std::string_view text, const std::filesystem::path& folder, const std::string& file);

// Returns the file of a problem, with paths relative to `folder` where they are below it. `seen` becomes a
// comment over the data.
std::string problem_text(const Problem& problem, const std::filesystem::path& folder,
                         const std::string& seen = {});

}  // namespace basin
