// A property that holds for every input; where it does not, the fuzzer is told by a crash.
#pragma once
#include <cstdio>
#include <cstdlib>

inline void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}
