// After the first steps, a step allocates nothing: neither from the heap nor from libtorch's allocator, which
// uses posix_memalign.
#include <cstdlib>
#include <new>

#include "basin/optim/optim.hpp"
#include "tests/optim/problem.hpp"

namespace {

thread_local bool counting = false;
thread_local long allocations = 0;

void* counted(void* block) {
  if (counting) ++allocations;
  if (!block) throw std::bad_alloc();
  return block;
}

}  // namespace

void* operator new(std::size_t size) { return counted(std::malloc(size ? size : 1)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto a = static_cast<std::size_t>(alignment);
  return counted(std::aligned_alloc(a, (size + a - 1) / a * a));
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
void operator delete(void* block, std::align_val_t) noexcept { std::free(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { std::free(block); }

namespace basin::optim {
namespace {

using torch::Tensor;

// Counts on the calling thread, which distributes the work; the other threads only run loops over existing
// memory.
long allocations_of_a_step(torch::optim::Optimizer& optimizer) {
  for (int i = 0; i < 3; ++i) optimizer.step();
  allocations = 0;
  counting = true;
  for (int i = 0; i < 5; ++i) optimizer.step();
  counting = false;
  return allocations;
}

std::vector<Tensor> parameters(torch::ScalarType type = torch::kFloat32) {
  std::vector<Tensor> out;
  for (const int size : {5, 700, 1'000'000, 0}) {
    out.push_back(torch::ones({size, 3}, type).requires_grad_());
    out.back().mutable_grad() = torch::full({size, 3}, 0.1, type);
  }
  return out;
}

TEST(Allocation, TheCounterCounts) {
  counting = true;
  allocations = 0;
  const auto block = std::make_unique<std::vector<int>>(100);
  counting = false;
  EXPECT_EQ(allocations, 2);
}

TEST(Allocation, AStepTakesNone) {
  for (const int threads : {1, 2}) {
    torch::set_num_threads(threads);
    for (const char* chain : {"adamw", "sgd", "nadam", "clip_global_norm:1+adamw",
                              "clip_value:1+momentum+cautious", "centralize+lamb", "schedule_free_adamw"}) {
      Optimizer optimizer(parameters(), kernels::Chain::parse(chain));
      EXPECT_EQ(allocations_of_a_step(optimizer), 0) << chain << ", " << threads << " threads";
    }
    Optimizer packed(parameters(torch::kBFloat16), kernels::Chain::parse("adamw"));
    EXPECT_EQ(allocations_of_a_step(packed), 0) << "bfloat16";
    AdamW like_torch(parameters());
    EXPECT_EQ(allocations_of_a_step(like_torch), 0) << "libtorch's class";
  }
  torch::set_num_threads(1);
}

}  // namespace
}  // namespace basin::optim
