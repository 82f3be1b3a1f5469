#include "basin/nn/losses/losses.hpp"

#include <torch/utils.h>

#include "basin/nn/losses/binary_cross_entropy.hpp"
#include "basin/nn/losses/cross_entropy.hpp"
#include "basin/nn/losses/hinge.hpp"
#include "basin/nn/losses/huber.hpp"
#include "basin/nn/losses/mae.hpp"
#include "basin/nn/losses/mse.hpp"

namespace basin::nn {
namespace {

using All = List<CrossEntropy, BinaryCrossEntropy, Mse, Mae, Huber, Hinge>;

template <class... L>
constexpr bool is_the_list_of_descriptions(List<L...>) {
  return std::is_same_v<List<typename L::Description...>, losses::All>;
}
static_assert(is_the_list_of_descriptions(All{}),
              "a loss is missing here or in losses/losses.hpp, or is elsewhere");

// Returns what `compute` makes of the loss with that name.
template <class Compute>
torch::Tensor with(std::string_view name, Compute&& compute) {
  torch::Tensor out;
  bool found = false;
  All::each([&]<class L>() {
    if (L::Description::info.name != name) return;
    out = compute.template operator()<L>();
    found = true;
  });
  if (!found) losses::find_loss(name);  // throws: nobody parsed this name
  return out;
}

void check_kind(const losses::Info& info, const torch::Tensor& targets) {
  const bool values = targets.is_floating_point();
  if (info.takes_both || values == (info.targets == losses::Targets::values)) return;
  throw InputError("loss " + std::string(info.name) + ": it takes " + (values ? "classes" : "values") +
                   ", found " + (values ? "values" : "classes"));
}

}  // namespace

torch::Tensor mean_loss(const losses::Loss& loss, const torch::Tensor& outputs,
                        const torch::Tensor& targets) {
  return with(loss.name, [&]<class L>() {
    check_kind(L::Description::info, targets);
    return L::mean(loss, outputs, targets);
  });
}

torch::Tensor draw_targets(const losses::Loss& loss, const torch::Tensor& outputs) {
  const torch::NoGradGuard no_gradients;
  return with(loss.name, [&]<class L>() { return L::drawn(loss, outputs); });
}

}  // namespace basin::nn
