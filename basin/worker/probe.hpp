// The properties of libtorch in this process, for `basin doctor`: its version, the BLAS behind it, and its
// speed.
#pragma once
#include <nlohmann/json.hpp>

namespace basin::worker {

// Returns libtorch, blas, blas_threads (null if the BLAS does not say), threads, build ("release" or
// "debug"), gemm_gflops (a product of two 512 x 512 matrices, the best of several), and freed_memory_is_kept:
// whether a block that is freed and allocated again causes no page faults.
//
// Cost  a tenth of a second
nlohmann::json probe();

}  // namespace basin::worker
