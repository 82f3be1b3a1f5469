// Whether what goes on is the study that was begun.
//
//   refused  other settings, other trials, another text of the problem, other data: its results would be of two studies
//   told     another version of basin or libtorch, another worker program: the bits may differ
//
// A study of an older basin knows less of itself; what it does not say is not compared.
#pragma once
#include <optional>
#include <string>

#include "basin/study/store.hpp"
#include "cli/plan.hpp"

namespace basin::cli {

// What the stored study has otherwise than the plan, in words; nothing where it is the same.
std::optional<std::string> difference(const study::Study& stored, const Plan& plan);

// Throws InputError where there is a difference.
void check_same_study(const study::Study& stored, const Plan& plan);

// Where and with what a study is made, as it is stored: `hello` is what a worker says of itself.
study::Json environment_of(const Plan& plan, const study::Json& hello);

// In which versions the stored study was made and in which others it goes on; empty where they are the same.
std::string other_versions(const study::Study& stored, const study::Json& environment);

}  // namespace basin::cli
