// Expected best value after n trials, from the trials of a random search: what a search with less budget
// would have found.
//
// Papers   V: Dodge et al., Show Your Work, EMNLP 2019, eq. 4; U: Tang et al., Showing Your Work Doesn't
//          Always Work, ACL 2020, eq. 4; which to draw: Dodge et al., Expected Validation Performance and
//          Estimation of a Random Variable's Maximum, EMNLP 2021 (U has the largest variance, V leads to the
//          fewest wrong conclusions)
// Value    of v_1 <= ... <= v_B, larger is better:
//            V_n = sum_i v_i ((i/B)^n - ((i-1)/B)^n)       n trials drawn with replacement
//            U_n = sum_{i >= n} v_i C(i-1, n-1) / C(B, n)  n different trials
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace basin::analysis {

// Returns V_n. Requires n >= 1, at least one value, all finite; larger is better.
double expected_best(std::vector<double> values, int n);

// Returns U_n, which is unbiased. Requires 1 <= n <= values.size(); otherwise as `expected_best`.
double expected_best_unbiased(std::vector<double> values, int n);

struct ExpectedBest {
  int n = 0;
  double value = 0;          // V_n
  double low = 0, high = 0;  // of the band
};

// Returns V at each n with a bootstrap band: the quantiles (1 - coverage) / 2 and (1 + coverage) / 2 of V_n
// over `draws` samples of the values with replacement. Beyond half of the trials the estimate says little.
//
// Requires  as `expected_best`; the same arguments give the same bits
// Cost      O(draws x (values x ns + values log values))
std::vector<ExpectedBest> expected_best_band(std::vector<double> values, std::span<const int> ns,
                                             std::uint64_t seed, int draws = 500, double coverage = 0.9);

}  // namespace basin::analysis
