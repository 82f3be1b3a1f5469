// A chain as the source of one kernel, as far as it works weight by weight.
#pragma once
#include <optional>

#include "basin/kernels/chain.hpp"
#include "basin/kernels/source.hpp"

namespace basin::kernels {

// How many links before the rule must have acted for the rest of the chain to be one kernel: those up to the last that
// looks at more than one weight, all of them for a rule that does. Nothing when a link after it does, or a rule goes over
// matrices.
std::optional<std::size_t> links_apart(const Chain& chain);

// The links of the chain from `first` on, its rule and the links after it, and the step along what they make of it.
void write_chain(const Chain& chain, std::size_t first, Step t, std::span<double> numbers, const Sums& sums,
                 Source& source);

}  // namespace basin::kernels
