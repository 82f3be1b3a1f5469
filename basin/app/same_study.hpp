// Checks that the study to continue is the one that was started.
//
//   refused  other settings, other trials, another text of the problem, other data: the results would belong
//            to two studies
//   told     another version of basin or libtorch, another worker program: the bits may differ
//
// A study from an older basin records less; what it does not record is not compared.
#pragma once
#include <optional>
#include <string>

#include "basin/app/plan.hpp"
#include "basin/study/store.hpp"

namespace basin::app {

// Describes how the stored study differs from the plan; nothing if it does not.
std::optional<std::string> difference(const study::Study& stored, const Plan& plan);

// Throws InputError if there is a difference.
void check_same_study(const study::Study& stored, const Plan& plan);

// Returns where and with what a study is created, as it is stored: `hello` is the worker's description of
// itself.
study::Json environment_of(const Plan& plan, const study::Json& hello);

// Describes the versions that created the stored study and the different ones that continue it; empty if they
// are the same.
std::string other_versions(const study::Study& stored, const study::Json& environment);

}  // namespace basin::app
