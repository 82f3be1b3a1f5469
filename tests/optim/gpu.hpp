// Tests that need a GPU: skipped with a message if libtorch sees none.
#pragma once
#include <gtest/gtest.h>
#include <torch/torch.h>

namespace basin::optim {

class OnGpu : public testing::Test {
 protected:
  void SetUp() override {
    if (!torch::cuda::is_available()) GTEST_SKIP() << "no GPU that libtorch sees";
  }
};

}  // namespace basin::optim
