// The winner's curse: how much better the best of several equal configurations looks than it is.
#pragma once

namespace basin::analysis {

// Returns the expected largest of `count` standard normal numbers: by so many standard deviations over the
// seeds does the best of `count` configurations, each run on one seed, seem to gain where all are equal. A
// search with more trials gains more from nothing, so its finalists need fresh seeds.
//
// Requires  count >= 1
// Value     the integral of x count phi(x) Phi(x)^(count - 1), to 1e-9
double winners_curse(int count);

}  // namespace basin::analysis
