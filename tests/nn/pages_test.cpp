// The code in pages and headers compiles as it is written: without a using, and with every namespace.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <fstream>
#include <sstream>
#include <string>

#include "basin/kernels/any_rule.hpp"
#include "basin/nn/module_roles.hpp"
#include "basin/optim/optim.hpp"
#include "basin/optim/scheduler.hpp"
#include "basin/optim/torch_state.hpp"
#include "basin/rules/rules.hpp"
#include "basin/train/torch_file.hpp"
#include "tests/paths.hpp"

namespace {

// Removes blanks and comment marks.
std::string bare(const std::string& text) {
  std::string out;
  for (const char c : text)
    if (std::string_view(" \n/").find(c) == std::string_view::npos) out += c;
  return out;
}

void expect_on_page(const std::string& page, const std::string& code) {
  std::ostringstream text;
  text << std::ifstream(std::string(basin::paths::source) + "/" + page).rdbuf();
  EXPECT_NE(bare(text.str()).find(bare(code)), std::string::npos) << page << " does not show:\n" << code;
}

// Compiles and runs the code, and expects it on the page.
#define SHOWN(page, ...)              \
  expect_on_page(page, #__VA_ARGS__); \
  __VA_ARGS__

torch::nn::Sequential model(torch::nn::Embedding(5, 4),
                            torch::nn::LayerNorm(torch::nn::LayerNormOptions({4})), torch::nn::Linear(4, 2));

TEST(Pages, ShowAnOptimizerByName) {
  const std::vector<torch::Tensor> parameters = model->parameters();
  SHOWN("basin/optim/optimizer.hpp",
        basin::optim::Optimizer optimizer(model->parameters(),
                                          basin::kernels::Chain::parse("clip_global_norm:1+lion"));)
  SHOWN("docs/optimizers.md", basin::optim::Optimizer(parameters, basin::kernels::Chain::parse("adamw")));
}

TEST(Pages, ShowAnOptimizerByType) {
  const std::vector<torch::Tensor> parameters = model->parameters();
  SHOWN("basin/optim/optimizer.hpp",
        basin::optim::Of<basin::rules::Lion> optimizer(model->parameters(), {.lr = 1e-4});)
  SHOWN("docs/optimizers.md", basin::optim::Of<basin::rules::AdamW>(parameters, {.lr = 3e-4}));
  SHOWN("docs/dialects.md", basin::kernels::AnyRule::named("rmsprop_keras"));
  SHOWN("docs/dialects.md", basin::optim::Of<basin::rules::RmsPropKeras>(parameters, {.lr = 1e-3}));
}

TEST(Pages, ShowChainsAndGroups) {
  SHOWN("basin/kernels/chain.hpp", basin::kernels::Chain::parse("clip_global_norm:1+adamw+cautious"));
  for (const char* page : {"docs/training.md", "basin/nn/module_roles.hpp"}) {
    SHOWN(page, const auto chain = basin::kernels::Chain::parse("adamw"); basin::optim::Optimizer optimizer(
              basin::nn::groups_by_role(*model, "norm bias: weight_decay 0; embedding: adagrad, lr 0.01",
                                        chain),
              chain);)
  }
  SHOWN("docs/training.md", auto parameters = basin::nn::roles(*model);)
  EXPECT_EQ(parameters.size(), 5u);
}

TEST(Pages, ShowTheWayToPyTorchAndBack) {
  basin::optim::Optimizer optimizer(model->parameters(), basin::kernels::Chain::parse("adam"));
  const auto shown = [&] {  // not run: it would write into the folder of the tests
    SHOWN("README.md",
          basin::train::save("state.safetensors", torch_state(optimizer, model->named_parameters()));
          restore(optimizer, basin::train::load_torch_state("state.safetensors"), model->named_parameters());)
  };
  static_cast<void>(shown);
}

}  // namespace
