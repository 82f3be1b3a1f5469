// The instruction sets that the loops are compiled for; the best that the machine has is chosen at run time.
// All of them give the same bits: no contraction, no reassociation.
#pragma once
#include <array>
#include <string_view>

// The parts of AVX-512 that the loops are compiled with and that a machine must have: some processors and
// virtual machines have only some of them. `part` is a macro.
#define BASIN_AVX512_PARTS(part) part("avx512f") part("avx512vl") part("avx512dq")

namespace basin::kernels {

enum class Isa { baseline, avx2, avx512 };
inline constexpr std::array isas{Isa::baseline, Isa::avx2, Isa::avx512};

constexpr std::string_view name_of(Isa isa) {
  return isa == Isa::avx512 ? "avx512" : isa == Isa::avx2 ? "avx2" : "baseline";
}

inline bool machine_has(Isa isa) {
#if defined(__x86_64__)
#define BASIN_AND_IT_HAS(part) &&__builtin_cpu_supports(part)
  if (isa == Isa::avx512) return true BASIN_AVX512_PARTS(BASIN_AND_IT_HAS);
#undef BASIN_AND_IT_HAS
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
