// Turns the values of the factors into the list of trials.
//
// ofat   one factor at a time: for each optimizer its base, the first value of every factor, and one
//        configuration for every other value of one factor
// grid   all combinations for each optimizer
// Order  by replicate, and within each the optimizers take turns, bases first: an interrupted study has
//        compared every optimizer on as many configurations, and has run all configurations once before any
//        twice
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "basin/study/trial.hpp"

namespace basin::study {

// Values of one knob of one optimizer: adam.beta2=0.99,0.999. For the knob "lr" they replace Arms::lr.
struct KnobValues {
  std::string optimizer, knob;
  std::vector<double> values;
};

// The first value of each list is the base. Duplicate values count once.
struct Arms {
  std::vector<std::string> optimizers;
  std::vector<double> lr;                      // for every optimizer; empty: the default of each rule
  std::vector<std::int64_t> batch_sizes = {};  // the default of a configuration if empty
  // By a name of `worded`; only the usual value if there is none. The caller must check what the words mean.
  std::map<std::string, std::vector<std::string>> words;
  std::vector<KnobValues> knobs;
};

// `design` is "ofat" or "grid". Every trial's knobs hold lr and the knobs of its optimizer that `arms` names.
//
// Throws  InputError for an unknown design, optimizer or knob, a value outside its range, an empty list, a
//         knob of an optimizer that is not compared, no replicate, and more than a million trials
std::vector<Trial> make_trials(const Arms& arms, std::string_view design, int replicates);

}  // namespace basin::study
