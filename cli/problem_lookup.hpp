// From a problem's name to what is known of it, without libtorch.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "basin/network/layers.hpp"
#include "basin/study/problem_info.hpp"

namespace basin::cli {

// The layers of a problem of this program, for the images of its data set.
std::vector<nn::Layer> layers_of(const Problem& problem);
// A problem of this program: its weights counted from its layers, its examples as its data set declares them (those of
// the test split are not known before the set is read).
study::ProblemInfo info_of(const Problem& problem);

// The problem that `name` means: one of basin's own, or else one of `worker`'s. Throws InputError with the nearest name.
study::ProblemInfo find_problem(const std::string& name, const std::optional<std::filesystem::path>& worker);

}  // namespace basin::cli
