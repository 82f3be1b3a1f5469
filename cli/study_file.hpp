// A study as a file: the options of a verb in TOML, under their names on the command line.
//
//   problem = "cifar10-cnn"
//   optimizers = ["sgd", "adam"]
//   trials = 20
//   [search]
//   lr = "1e-4..1"
//   batch-size = [32, 64, 128]
//
// Accepts  a text, a number or a list for every option with a value; true or false for one without; the table
//          search for tune. A file or folder that `problem` names is looked for beside the file first
// Refuses  with InputError, which names file and line: what is not TOML, and unknown options
#pragma once
#include <filesystem>
#include <string>

#include "cli/options.hpp"

namespace basin::cli {

// Whether a file is a study rather than a problem: whether it names its problem. False if it cannot be read.
bool is_study_file(const std::filesystem::path& file);

// Returns the options that a file gives to a verb.
Given read_study_file(const std::filesystem::path& file, const std::string& verb);

// Returns the file that repeats a study: every given option that is part of it.
std::string study_file(const std::string& verb, const Given& given);

}  // namespace basin::cli
