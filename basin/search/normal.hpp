// The normal distribution, and the improvement that it promises.
#pragma once

namespace basin::search {

double normal_cdf(double z);
// Returns z with normal_cdf(z) = p, at least -38 and at most 9, which stand for infinity.
double normal_quantile(double p);

// log(phi(z) + z Phi(z)): the logarithm of the expected improvement of a normal value, in units of its
// deviation, over a target that lies z deviations above its mean.
//
// Paper    Ament et al., Unexpected Improvements to Expected Improvement, NeurIPS 2023
// Value    exact to 1e-12 for any finite z; the plain formula is 0 below z = -38
double log_ei(double z);
// Its derivative.
double log_ei_slope(double z);

}  // namespace basin::search
