// The links once more, in double and apart from their files: what each makes of the gradients or directions
// of all tensors.
#pragma once
#include "tests/rules/oracle.hpp"

namespace basin::test {

struct TensorAtWork {
  Vector x, g, u;        // weights, gradient, and, behind the rule, direction
  std::size_t rows = 1;  // 1 for a vector
};

// Changes g, or u for a link that stands behind the rule.
using LinkOracle = std::function<void(std::vector<TensorAtWork>& tensors, const Knobs& k)>;

// By the link's name. Throws std::out_of_range for one without an oracle: noise, whose numbers are random.
const LinkOracle& link_oracle(const std::string& link);

}  // namespace basin::test
