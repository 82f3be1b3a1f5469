// A property that holds for every input; if it does not, a crash tells the fuzzer.
#pragma once
#include <cstdio>
#include <cstdlib>

inline void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}
