// Turns what a search was asked to vary into its spaces.
//
//   adam.lr=1e-5..1e-1     a range, on the scale of the knob; without a rule's name, of every optimizer
//   batch_size=32,64,128   values; of settings whose words have commas, with | between them
#pragma once
#include <string_view>
#include <vector>

#include "basin/app/request.hpp"
#include "basin/schedules/text.hpp"
#include "basin/study/search.hpp"

namespace basin::app {

// Returns the search of a program, whose parameters are whatever --search names:
//
//   lr=1e-5..1e-1           numbers; whole ones if both ends are written so: layers=1..4
//   lr=1e-5..1e-1:log       the scale: linear, log, or complement_log (of 1 - value). When it is left out, it
//                           is log for positive numbers over two decades or more, else linear
//   act=relu,gelu           values
study::Search program_search(const SearchRequest& asked, const std::string& program);

// The spaces of all arms of a request, which must ask for a search. `arms` has batch sizes. What is searched
// if nothing is named: the rate, and the weight decay of a rule that has one, over the search range of their
// domains.
//
// Throws  InputError for a text that is no such assignment, an unknown optimizer, setting or knob, a value
//         outside its domain, an empty range, and one of the wrong scale
study::Search make_search(const Request& request, const study::Arms& arms);

// Returns the longest warm-up of the schedules of a search, as a fraction of the run: until where the rate
// rises. Trials are not pruned before.
double longest_warmup(const study::Search& search, RunLength run);

// Returns configurations at every end of the spaces and with every choice, as trials to be checked before the
// search begins.
std::vector<study::Trial> extremes(const study::Search& search);

}  // namespace basin::app
