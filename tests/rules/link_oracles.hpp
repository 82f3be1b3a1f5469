// The links written a second time, in double and independently of their files: what each makes of the
// gradients or directions of all tensors.
#pragma once
#include "tests/rules/oracle.hpp"

namespace basin::test {

struct TensorAtWork {
  Vector x, g, u;        // weights, gradient, and, after the rule, direction
  std::size_t rows = 1;  // 1 for a vector
};

// Changes g, or u for a link after the rule.
using LinkOracle = std::function<void(std::vector<TensorAtWork>& tensors, const Knobs& k)>;

// Returns the oracle by the link's name. Throws std::out_of_range if there is none: noise, whose numbers are
// random.
const LinkOracle& link_oracle(const std::string& link);

}  // namespace basin::test
