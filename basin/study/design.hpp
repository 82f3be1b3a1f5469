// From the values of the factors to the list of trials.
//
// ofat   one factor at a time: for each optimizer its base, the first value of every factor, and one configuration for
//        every other value of one factor
// grid   for each optimizer all combinations
// Order  replicate by replicate, and in each the optimizers take turns, bases first: a study that is interrupted has
//        compared every optimizer on as many configurations, and has all configurations once before any twice
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "basin/study/trial.hpp"

namespace basin::study {

// Values of one knob of one optimizer: adam.beta2=0.99,0.999. For the knob "lr" they stand in place of Arms::lr.
struct KnobValues {
  std::string optimizer, knob;
  std::vector<double> values;
};

// The first value of each list is the base. A value that is there twice counts once.
struct Arms {
  std::vector<std::string> optimizers;
  std::vector<double> lr;  // for every optimizer; empty: each rule's default
  std::vector<std::int64_t> batch_sizes{64};
  // By a name of `worded`; the usual one alone where there is none. What the words mean is the caller's to check.
  std::map<std::string, std::vector<std::string>> words;
  std::vector<KnobValues> knobs;
};

// `design` is "ofat" or "grid". Every trial's knobs hold lr and the knobs of its optimizer that `arms` names. Throws
// InputError for an unknown design, optimizer or knob, a value outside its range, an empty list, a knob of an optimizer
// that is not compared, for no replicate, and for more than a million trials.
std::vector<Trial> make_trials(const Arms& arms, std::string_view design, int replicates);

}  // namespace basin::study
