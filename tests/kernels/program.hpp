// The kernels for a GPU, compiled for this machine instead.
#pragma once
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "basin/core/error.hpp"
#include "basin/kernels/subnormal.hpp"
#include "tests/paths.hpp"

namespace basin::kernels {

// What CUDA's C++ has and a host lacks: one thread, which does everything.
inline constexpr const char* kernel_host = R"(
#include <math.h>
#define __device__ static
#define __global__
namespace { struct { unsigned x; } blockIdx{0}, threadIdx{0}, blockDim{1}, gridDim{1}; }
)";

// A program of kernels: each is added as source, and can be called once all are compiled.
class Program {
 public:
  using Run = void (*)(unsigned long long count, void** pointers, const void* scalars);

  Program() : folder_(testing::TempDir() + "basin_source_XXXXXX") {
    if (!::mkdtemp(folder_.data())) throw Error("no folder for " + folder_);
    text_ << kernel_host;
  }
  ~Program() {
    if (library_) ::dlclose(library_);
    std::filesystem::remove_all(folder_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Returns its number.
  std::size_t add(std::size_t slots, const std::string& source) {
    text_ << "#define step step_" << count_ << "\nnamespace k" << count_ << " {\n" << source;
    text_ << "extern \"C\" void run_" << count_ << "(Count n, void** p, const void* s) {\n  step(n";
    for (std::size_t i = 0; i < 2 + slots; ++i) text_ << ", (T*)p[" << i << "]";
    text_ << ", *(const Scalars*)s);\n}\n}\n#undef step\n#undef SCALARS\n";
    return count_++;
  }
  void compile() {
    std::ofstream(folder_ + "/kernels.cpp") << text_.str();
    const std::string command = std::string(paths::compiler) +
                                " -std=c++17 -O1 -ffp-contract=off -w -shared -fPIC " + folder_ +
                                "/kernels.cpp -o " + folder_ + "/kernels.so";
    if (std::system(command.c_str()) != 0) throw Error("the kernels do not compile");
    library_ = ::dlopen((folder_ + "/kernels.so").c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library_) throw Error(::dlerror());
  }
  // Runs over all the weights; like the loops, without subnormal numbers.
  template <class T>
  void run(std::size_t kernel, std::size_t count, std::vector<T*> pointers,
           const std::vector<double>& values) const {
    std::vector<T> scalars(values.begin(), values.end());
    const auto step = reinterpret_cast<Run>(::dlsym(library_, ("run_" + std::to_string(kernel)).c_str()));
    std::vector<void*> untyped(pointers.begin(), pointers.end());
    const FlushSubnormals flush;
    step(count, untyped.data(), scalars.data());
  }

 private:
  std::string folder_;
  std::ostringstream text_;
  std::size_t count_ = 0;
  void* library_ = nullptr;
};

template <class T>
inline constexpr const char* type_name = std::is_same_v<T, float> ? "float" : "double";

}  // namespace basin::kernels
