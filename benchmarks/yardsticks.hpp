// The yardsticks for an optimizer: AdamW as an expert writes it by hand for AVX2, and passes over memory that
// read and write as many streams as a rule does, and compute almost nothing.
#pragma once
#include <immintrin.h>

#include <cmath>
#include <cstddef>

namespace basin::bench {

#define BASIN_BY_HAND [[gnu::target("avx2,fma")]] inline
inline bool machine_has_yardsticks() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

// The scalars of step t of AdamW with its defaults.
struct AdamWScalars {
  float lr, keep, rest1, beta1, rest2, beta2, unbias2, eps;
  explicit AdamWScalars(double t, double rate = 1e-6)
      : lr(static_cast<float>(rate / (1 - std::pow(0.9, t)))),
        keep(static_cast<float>(1 - rate * 1e-2)),
        rest1(0.1f),
        beta1(0.9f),
        rest2(0.001f),
        beta2(0.999f),
        unbias2(static_cast<float>(1 / std::sqrt(1 - std::pow(0.999, t)))),
        eps(1e-8f) {}
};

BASIN_BY_HAND void adamw_by_hand(const AdamWScalars& s, std::size_t n, float* x, const float* g, float* m,
                                 float* v) {
  const __m256 lr = _mm256_set1_ps(s.lr), keep = _mm256_set1_ps(s.keep), unbias2 = _mm256_set1_ps(s.unbias2);
  const __m256 rest1 = _mm256_set1_ps(s.rest1), beta1 = _mm256_set1_ps(s.beta1), eps = _mm256_set1_ps(s.eps);
  const __m256 rest2 = _mm256_set1_ps(s.rest2), beta2 = _mm256_set1_ps(s.beta2);
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    const __m256 gradient = _mm256_loadu_ps(g + i);
    const __m256 mean = _mm256_fmadd_ps(beta1, _mm256_loadu_ps(m + i), _mm256_mul_ps(rest1, gradient));
    const __m256 square = _mm256_fmadd_ps(beta2, _mm256_loadu_ps(v + i),
                                          _mm256_mul_ps(rest2, _mm256_mul_ps(gradient, gradient)));
    const __m256 root = _mm256_fmadd_ps(_mm256_sqrt_ps(square), unbias2, eps);
    const __m256 kept = _mm256_mul_ps(keep, _mm256_loadu_ps(x + i));
    _mm256_storeu_ps(m + i, mean);
    _mm256_storeu_ps(v + i, square);
    _mm256_storeu_ps(x + i, _mm256_fnmadd_ps(lr, _mm256_div_ps(mean, root), kept));
  }
  for (; i < n; ++i) {
    m[i] = s.beta1 * m[i] + s.rest1 * g[i];
    v[i] = s.beta2 * v[i] + s.rest2 * g[i] * g[i];
    x[i] = s.keep * x[i] - s.lr * m[i] / (std::sqrt(v[i]) * s.unbias2 + s.eps);
  }
}

// Reads `read` and the streams in `changed`, and writes those in `changed`. n is a multiple of 8.
template <class... Stream>
BASIN_BY_HAND void pass(std::size_t n, const float* read, Stream*... changed) {
  const __m256 half = _mm256_set1_ps(0.5f);
  for (std::size_t i = 0; i < n; i += 8) {
    const __m256 value = _mm256_loadu_ps(read + i);
    (_mm256_storeu_ps(changed + i, _mm256_fmadd_ps(half, _mm256_loadu_ps(changed + i), value)), ...);
  }
}

// Reads one stream. n is a multiple of 32.
BASIN_BY_HAND float read_pass(std::size_t n, const float* read) {
  __m256 sum[4]{};
  for (std::size_t i = 0; i < n; i += 32)
    for (std::size_t k = 0; k < 4; ++k) sum[k] = _mm256_add_ps(sum[k], _mm256_loadu_ps(read + i + 8 * k));
  return _mm256_cvtss_f32(_mm256_add_ps(_mm256_add_ps(sum[0], sum[1]), _mm256_add_ps(sum[2], sum[3])));
}

#undef BASIN_BY_HAND

}  // namespace basin::bench
