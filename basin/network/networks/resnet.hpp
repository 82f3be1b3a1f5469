// Residual networks for small images: 9 layers, wide, or 20, 32, 44, 56 or 110, narrow.
//
// 9        of Page, How to Train Your ResNet, 2018, with the mean where that has the maximum
// 6n + 2   of He, Zhang, Ren & Sun, Deep Residual Learning for Image Recognition, CVPR 2016, section 4.2,
//          with projections where the shape changes
#pragma once
#include "basin/network/sizes.hpp"

namespace basin::nn::networks {

struct ResNet {
  static constexpr std::string_view name = "resnet", usage = "resnet 9|20|32|44|56|110",
                                    title = "residual network for small images";
  static constexpr std::size_t most_sizes = 1;

  static Example example() { return {{32, 32, 3}, 10}; }
  static std::string layers(const Sizes& sizes, const Shape&, const std::string& outputs) {
    const std::int64_t depth = sizes.over({20})[0];
    if (depth == 9) return nine(outputs);
    if (depth < 20 || depth > 110 || (depth - 2) % 6 != 0)
      throw InputError("it has 9, 20, 32, 44, 56 or 110 layers");
    const std::int64_t blocks = (depth - 2) / 6;
    const auto block = [](const std::string& width, bool shrinks) {
      return "residual " + std::string(shrinks ? "project " : "") + "( " + norm(width, shrinks) + ", relu, " +
             norm(width, false) + " ), relu";
    };
    const auto repeated = [](std::int64_t count, const std::string& part) {
      return "repeat " + std::to_string(count) + " ( " + part + " ), ";
    };
    std::string out = norm("16", false) + ", relu, " + repeated(blocks, block("16", false));
    for (const char* width : {"32", "64"})
      out += block(width, true) + ", " + repeated(blocks - 1, block(width, false));
    return out + "global-avg-pool, linear " + outputs;
  }

 private:
  // A convolution without bias, which the normalization would undo.
  static std::string norm(const std::string& width, bool shrinks) {
    return "conv " + width + " 3x3 same" + (shrinks ? " stride 2" : "") + " no-bias, batch-norm";
  }
  static std::string nine(const std::string& outputs) {
    const auto part = [](const std::string& width) { return norm(width, false) + ", relu"; };
    const auto twice = [](const std::string& list) { return "residual ( repeat 2 ( " + list + " ) )"; };
    return part("64") + ", " + part("128") + ", max-pool 2, " + twice(part("128")) + ", " + part("256") +
           ", max-pool 2, " + part("512") + ", max-pool 2, " + twice(part("512")) +
           ", global-avg-pool, linear " + outputs;
  }
};

}  // namespace basin::nn::networks
