// How a step is carried out: on which instruction set, with how many threads, with which sums from elsewhere.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "basin/kernels/isa.hpp"
#include "basin/kernels/table.hpp"

namespace basin::kernels {

// Calls task(0) ... task(count - 1), in any order and from any threads, and returns when all are done.
using Parallel = std::function<void(std::size_t count, const std::function<void(std::size_t)>& task)>;

// The result of a link that sums over all weights, over more leaves than those of one step.
struct Total {
  std::array<double, most_terms> terms{};
  double count = 0;  // number of weights

  void operator+=(const Total& other) {
    for (std::size_t k = 0; k < most_terms; ++k) terms[k] += other.terms[k];
    count += other.count;
  }
};

// A thread is worth its fork and join if a step moves at least this many bytes per thread: moving 16 MiB
// takes 0.3 ms where memory is fast, and waking a sleeping thread takes about 0.05 to 0.2 ms.
// docs/performance.md has the measurements.
inline constexpr std::size_t worth_a_thread = std::size_t{16} << 20;

struct Execution {
  Isa isa = best_isa();
  std::size_t threads = 1;  // the most parts to cut the weights into; small steps use fewer
  Parallel parallel = {};   // empty: runs the tasks in order on the calling thread
  std::size_t chunk = 0;    // weights per call of a fused loop; 0 lets the driver choose. For tests
  std::size_t bytes_a_thread = worth_a_thread;  // a part is never smaller than this. For tests
  // The seed for stochastic rounding. bfloat16 weights are rounded stochastically if it is set; packed slots
  // always are.
  std::optional<std::uint64_t> rounding_seed = {};
  double shadow_share = 0;  // shadow -= share (shadow - x), after x has moved
  // Replaces what the first links before the rule would sum over these leaves alone. Empty for a link without
  // sums over all weights.
  std::span<const std::optional<Total>> totals = {};
};

}  // namespace basin::kernels
