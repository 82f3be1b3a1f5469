// Finds a problem by its name, its file or its data, without libtorch.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "basin/data/shared.hpp"
#include "basin/network/layers.hpp"
#include "basin/recipe/recipe.hpp"
#include "basin/study/problem_info.hpp"

namespace basin::app {

struct FoundProblem {
  study::ProblemInfo info;
  std::vector<nn::Layer> layers;  // of its network; empty if a worker of one's own builds it
  // Null unless the problem has a source, whose files were read.
  std::shared_ptr<const data::SharedSet> data;
  std::string seen;  // what data hold that a problem was made for, a line each
};

// Whether the data of a problem are a known set of images, whose shape is known before it is read. The data
// of others are read to plan it.
bool is_image_set(const Problem& problem);
// Returns what is known of its data, which were read or are a known set of images; nothing of those of a
// user's own problem.
DataForm form_of(const Problem& problem, const data::SharedSet* data);
// Returns the layers of a problem over a known set of images, for the images of that set.
std::vector<nn::Layer> layers_of(const Problem& problem);
// Describes such a problem: weights counted from its layers, examples as its data set declares them (the test
// split is not known before the set is read).
study::ProblemInfo info_of(const Problem& problem);
// Returns whether the files of a built-in problem were found; one that rules make needs none.
bool has_data(const Problem& problem);
// Throws InputError, with advice, unless the files of a built-in problem were found.
void check_has_data(const Problem& problem, const std::optional<std::filesystem::path>& data_dir = {});

// Makes a problem for a file or folder of data, and reads the data. Throws InputError for data that nobody
// can train on, as for those of a problem file.
FoundProblem problem_for(const std::filesystem::path& data, const data::Names& predict);

// Returns what `name` stands for: a built-in problem; a problem file, whose name ends in .toml; a file or
// folder of data, for which a problem is made; or else a problem of `worker`. `predict` names columns of data
// to be predicted. Reads the data unless it is a known set of images. Throws InputError with the nearest
// name, and for files that are missing or wrong.
FoundProblem find_problem(const std::string& name, const data::Names& predict,
                          const std::optional<std::filesystem::path>& worker,
                          const std::optional<std::filesystem::path>& data_dir);

}  // namespace basin::app
