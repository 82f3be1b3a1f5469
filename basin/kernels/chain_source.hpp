// The part of a chain that works weight by weight, as the source of one kernel.
#pragma once
#include <optional>

#include "basin/kernels/chain.hpp"
#include "basin/kernels/source.hpp"

namespace basin::kernels {

// Returns how many links before the rule must act separately so that the rest of the chain can be one kernel:
// those up to the last that uses more than one weight, or all of them if the rule needs sums. Returns nothing
// if a link after the rule needs sums, or if the rule works over matrices.
std::optional<std::size_t> links_apart(const Chain& chain);

// Writes the links of the chain from `first` on, the rule, the links after it, and the step along the result.
void write_chain(const Chain& chain, std::size_t first, Step t, std::span<double> numbers, const Sums& sums,
                 Source& source);

}  // namespace basin::kernels
