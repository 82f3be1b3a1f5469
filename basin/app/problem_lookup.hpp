// Finds what is known about a problem by its name, without libtorch.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "basin/network/layers.hpp"
#include "basin/study/problem_info.hpp"

namespace basin::app {

// Returns the layers of a built-in problem, for the images of its data set.
std::vector<nn::Layer> layers_of(const Problem& problem);
// Describes a built-in problem: weights counted from its layers, examples as its data set declares them (the
// test split is not known before the set is read).
study::ProblemInfo info_of(const Problem& problem);

// Returns the problem called `name`: a built-in one, or else one of `worker`'s. Throws InputError with the
// nearest name.
study::ProblemInfo find_problem(const std::string& name, const std::optional<std::filesystem::path>& worker);

}  // namespace basin::app
