// The checks of a plan: numbers, the sizes of data and batches, schedules, groups of the network.
#pragma once
#include <cstdint>
#include <span>

#include "basin/app/request.hpp"
#include "basin/data/data_set.hpp"
#include "basin/network/layers.hpp"
#include "basin/recipe/recipe.hpp"
#include "basin/study/problem_info.hpp"
#include "basin/study/trial.hpp"

namespace basin::app {

// Throws InputError for a number of the request outside its range. make_trials checks the arms.
void check_numbers(const Request& request);

// Returns the number of training examples; 0 if a user's own problem does not say.
std::int64_t trained_on(const study::ProblemInfo& info, std::int64_t train_size);

// Replaces the counts that the problem's data set declares by those of its files. Throws InputError if the
// files hold too little to validate with.
void take_counts(study::ProblemInfo& info, data::Counts counts);
// Throws InputError if more images are requested than there are for training, and for a batch of more than
// those.
void check_sizes(const study::ProblemInfo& info, std::int64_t train_size,
                 std::span<const study::Trial> trials);
// Throws InputError for a schedule longer than the run, or for a knob that its optimizer does not have.
void check_schedules(const study::ProblemInfo& info, const study::Settings& settings,
                     std::span<const study::Trial> trials);
// Throws InputError for a group with a knob that its rule does not have, for a group without any parameter of
// the network (if `layers` are known), and for a mean of weights that are a mean already.
void check_recipe(const Recipe& recipe, std::span<const nn::Layer> layers);

}  // namespace basin::app
