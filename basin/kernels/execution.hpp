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

// What a link that sums over all weights has summed, over more leaves than those of one step.
struct Total {
  std::array<double, most_terms> terms{};
  double count = 0;  // of weights

  void operator+=(const Total& other) {
    for (std::size_t k = 0; k < most_terms; ++k) terms[k] += other.terms[k];
    count += other.count;
  }
};

// A thread is worth its fork and join from this many bytes on that a step moves for each thread: 16 MiB take 0.3 ms where memory
// is fast, and to wake a thread that sleeps some 0.05 to 0.2 ms. docs/performance.md has what was measured.
inline constexpr std::size_t worth_a_thread = std::size_t{16} << 20;

struct Execution {
  Isa isa = best_isa();
  std::size_t threads = 1;  // into how many parts the weights are cut, at most: fewer where a step is small
  Parallel parallel = {};   // empty: one after the other on the calling thread
  std::size_t chunk = 0;    // weights of one call of a fused loop; 0 for the driver's choice. For tests
  std::size_t bytes_a_thread = worth_a_thread;  // fewer parts where each would move less. For tests
  // Of stochastic rounding: bfloat16 weights are rounded so where it is there, packed slots always.
  std::optional<std::uint64_t> rounding_seed = {};
  double shadow_share = 0;  // shadow -= share (shadow - x), when x has moved
  // In the place of what the first links before the rule would sum over these leaves alone. One that sums nothing, or not
  // over all weights, has none.
  std::span<const std::optional<Total>> totals = {};
};

}  // namespace basin::kernels
