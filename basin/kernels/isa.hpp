// The instruction sets that the loops are compiled for; the best that the machine has is taken at run time.
// All of them give the same bits (docs/decisions): no contraction, no reassociation.
#pragma once
#include <array>
#include <string_view>

namespace basin::kernels {

enum class Isa { baseline, avx2, avx512 };
inline constexpr std::array isas{Isa::baseline, Isa::avx2, Isa::avx512};

constexpr std::string_view name_of(Isa isa) {
  return isa == Isa::avx512 ? "avx512" : isa == Isa::avx2 ? "avx2" : "baseline";
}

inline bool machine_has(Isa isa) {
#if defined(__x86_64__)
  if (isa == Isa::avx512) return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
  if (isa == Isa::avx2) return __builtin_cpu_supports("avx2");
#endif
  return isa == Isa::baseline;
}

inline Isa best_isa() {
  static const Isa best = machine_has(Isa::avx512) ? Isa::avx512
                          : machine_has(Isa::avx2) ? Isa::avx2
                                                   : Isa::baseline;
  return best;
}

}  // namespace basin::kernels
