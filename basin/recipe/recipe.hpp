// A configuration, parsed: what a network, its examples and its optimizer are made from. Messages and stores
// hold the text. A worker parses it once, when it receives an order, and builds from the recipe.
#pragma once
#include <vector>

#include "basin/data/augmentation.hpp"
#include "basin/data/shared.hpp"
#include "basin/kernels/chain.hpp"
#include "basin/network/groups.hpp"
#include "basin/network/initializers.hpp"
#include "basin/network/regularization.hpp"
#include "basin/problems/problem.hpp"
#include "basin/schedules/text.hpp"
#include "basin/study/trial.hpp"

namespace basin {

struct Recipe {
  kernels::Chain chain;  // with the configuration's knobs
  std::int64_t batch_size;
  nn::Initialization init;
  std::vector<KnobSchedule> schedules;
  nn::Regularization regularization;
  data::Augmentation augmentation;
  bool normalize;
  std::vector<nn::RoleGroup> groups;
};

// Throws InputError for a text that cannot be parsed, and for a knob outside its range.
Recipe recipe_of(const study::Configuration& config);

// What is known of the data of a problem.
struct DataForm {
  std::string kind;       // data/kinds/kinds.hpp; empty if it is not known yet
  std::int64_t edge = 0;  // the shorter one of its images
};
DataForm form_of(const data::SharedSet& set);

// Throws InputError for an augmentation or a smoothing that does not suit the data and the loss of a problem.
void check_suits(const Recipe& recipe, const Problem& problem, const DataForm& data);

}  // namespace basin
