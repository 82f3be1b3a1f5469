// Slots in 16 and 8 bits, as the optimizer stores, saves, restores and refuses them.
#include <sstream>

#include "basin/optim/named_state.hpp"
#include "basin/optim/torch_optim.hpp"
#include "basin/optim/torch_state.hpp"
#include "basin/rules/adamw.hpp"
#include "tests/optim/problem.hpp"

namespace basin::optim {
namespace {

using kernels::SlotFormat;
using torch::Tensor;

// A parameter with more than one block of weights, on a bumpy surface that changes at every step.
struct Surface {
  explicit Surface(torch::ScalarType type = torch::kFloat32)
      : weights(torch::linspace(-1, 1, 1'000).to(type).reshape({10, 100}).requires_grad_()) {}
  void train(torch::optim::Optimizer& optimizer, int count) {
    for (int i = 0; i < count; ++i, ++steps) {
      weights.mutable_grad() = torch::sin(7 * weights.detach() + 0.3 * steps) + 0.1;
      optimizer.step();
    }
  }
  Names names() const {
    Names out;
    out.insert("weights", weights);
    return out;
  }
  Tensor slot(Optimizer& optimizer, const char* name = "exp_avg") const {
    return named_state(optimizer, names()).parameters.at("weights").slots.at(name);
  }
  Tensor weights;
  int steps = 0;
};

TEST(SlotFormats, SayHowManyBytesTheStateHas) {
  const auto bytes = [](const char* chain) {
    Surface surface;
    Optimizer optimizer({surface.weights}, kernels::Chain::parse(chain));
    surface.train(optimizer, 2);
    return optimizer.state_bytes();
  };
  EXPECT_EQ(bytes("adamw"), 8'000);
  EXPECT_EQ(bytes("adamw@bfloat16"), 4'000);
  EXPECT_EQ(bytes("adamw@8bit"), 2 * 4 * 260);  // 4 blocks of 256 for 1,000 weights
  EXPECT_EQ(bytes("lion@8bit"), 4 * 260);
  EXPECT_EQ(bytes("sgd@8bit"), 0);
}

TEST(SlotFormats, AreTypesOfTensors) {
  Surface surface;
  Optimizer optimizer({surface.weights}, kernels::Chain::parse("adamw@8bit"));
  surface.train(optimizer, 1);
  EXPECT_EQ(surface.slot(optimizer).scalar_type(), torch::kUInt8);
  EXPECT_EQ(surface.slot(optimizer).sizes(), (std::vector<std::int64_t>{4, 260}));
  Of<rules::AdamW> by_type({surface.weights});
  by_type.store_slots(SlotFormat::bfloat16);
  surface.train(by_type, 1);
  EXPECT_EQ(surface.slot(by_type).scalar_type(), torch::kBFloat16);
  EXPECT_EQ(surface.slot(by_type).sizes(), surface.weights.sizes());
  EXPECT_EQ(by_type.chain().text(), "adamw@bfloat16");
}

TEST(SlotFormats, OfWeightsAndOfTheCurvatureStayNative) {
  Surface surface;
  Optimizer schedule_free({surface.weights}, kernels::Chain::parse("schedule_free_adamw@8bit"));
  surface.train(schedule_free, 2);
  EXPECT_EQ(surface.slot(schedule_free, "z").scalar_type(), torch::kFloat32);
  EXPECT_EQ(surface.slot(schedule_free, "exp_avg_sq").scalar_type(), torch::kUInt8);
  Optimizer sophia({surface.weights}, kernels::Chain::parse("sophia@8bit"));
  surface.train(sophia, 1);
  sophia.add_curvature(1);
  EXPECT_EQ(surface.slot(sophia, "hessian").scalar_type(), torch::kFloat32);
}

TEST(SlotFormats, AGroupTakesThatOfTheDefaultsOrHasItsOwn) {
  Surface a, b;
  std::vector<OptimizerParamGroup> groups;
  groups.push_back(group({a.weights}, rules::AdamW{.lr = 0.1}));
  groups.emplace_back(std::vector<Tensor>{b.weights},
                      std::make_unique<Options>(kernels::Chain::parse("lion@bfloat16")));
  Optimizer optimizer(groups, kernels::Chain::parse("adamw@8bit"));
  EXPECT_EQ(optimizer.chain(0).text(), "adamw@8bit");
  EXPECT_EQ(optimizer.chain(1).text(), "lion@bfloat16");
}

TEST(SlotFormats, StartAsTheRuleSays) {
  Surface surface, twin;
  Optimizer packed({surface.weights}, kernels::Chain::parse("rprop@8bit")),
      wide({twin.weights}, kernels::Chain::parse("rprop"));
  surface.train(packed, 1), twin.train(wide, 1);
  EXPECT_TRUE(torch::allclose(surface.weights, twin.weights, 0, 0.01 / 16)) << "steps of 0.01 at first";
}

class SlotsIn : public ::testing::TestWithParam<const char*> {};

TEST_P(SlotsIn, ContinueFromASavedStateWithTheSameBits) {
  const kernels::Chain chain = kernels::Chain::parse(GetParam());
  Surface whole, resumed, named;
  Optimizer straight({whole.weights}, chain), first({resumed.weights}, chain),
      second({resumed.weights}, chain), third({named.weights}, chain), fourth({named.weights}, chain);
  whole.train(straight, 20);
  resumed.train(first, 9), named.train(third, 9);
  std::stringstream file;
  torch::save(first, file);
  torch::load(second, file);
  restore(fourth, named_state(third, named.names()), named.names());
  resumed.train(second, 11), named.train(fourth, 11);
  EXPECT_TRUE(torch::equal(whole.weights, resumed.weights));
  EXPECT_TRUE(torch::equal(whole.weights, named.weights));
}

TEST_P(SlotsIn, AreLoadedWithTheirFormat) {
  Surface surface;
  Optimizer first({surface.weights}, kernels::Chain::parse(GetParam())),
      second({surface.weights}, kernels::Chain::parse(first.rule().info().name));
  surface.train(first, 3);
  restore(second, named_state(first, surface.names()), surface.names());
  EXPECT_EQ(second.chain().text(), first.chain().text());
  EXPECT_EQ(second.state_bytes(), first.state_bytes());
}

INSTANTIATE_TEST_SUITE_P(Chains, SlotsIn,
                         ::testing::Values("adamw@8bit", "adamw@bfloat16", "lion@8bit", "momentum@bfloat16",
                                           "agc+adamw@8bit+cautious", "schedule_free_adamw@bfloat16"),
                         [](const auto& chain) {
                           std::string out = chain.param;
                           std::replace_if(
                               out.begin(), out.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
                           return out;
                         });

TEST(SlotFormats, RefuseAStateOfAnother) {
  Surface surface;
  Optimizer optimizer({surface.weights}, kernels::Chain::parse("adamw@8bit"));
  surface.train(optimizer, 2);
  NamedState state = named_state(optimizer, surface.names());
  state.parameters.at("weights").slots.at("exp_avg_sq") = torch::zeros({10, 100}, torch::kBFloat16);
  EXPECT_EQ(refusal([&] { restore(optimizer, state, surface.names()); }),
            "loaded optimizer state has exp_avg_sq of 'weights' of shape [10, 100] and type BFloat16; wanted "
            "[4, 260] and Byte");
  optimizer.store_slots(SlotFormat::bfloat16);  // after a step
  EXPECT_EQ(
      refusal([&] { optimizer.step(); }),
      "adamw: parameter 0 has a state with exp_avg of shape [4, 260] and type Byte; wanted [10, 100] and "
      "BFloat16");
}

TEST(SlotFormats, RefuseWhatTheyAreNotFor) {
  const auto refused = [](Surface& surface) {
    Optimizer optimizer({surface.weights}, kernels::Chain::parse("adagrad@8bit"));
    return refusal([&] { optimizer.step(); });
  };
  Surface wide(torch::kFloat64);
  wide.weights.mutable_grad() = torch::ones_like(wide.weights);
  EXPECT_EQ(refused(wide),
            "adagrad: parameter 0 has type Double; slots in 8bit are for float32, bfloat16 and float16");
  Surface sparse;
  sparse.weights.mutable_grad() = torch::ones({10, 100}).to_sparse(1);
  EXPECT_EQ(refused(sparse), "adagrad: parameter 0 has a sparse gradient; slots in 8bit are for dense ones");
  Surface surface;
  Optimizer matrices({surface.weights}, kernels::Chain::parse("adafactor"));
  EXPECT_EQ(
      refusal([&] { matrices.store_slots(SlotFormat::eight_bit); }),
      "adafactor treats tensors as matrices and cannot keep its slots in fewer bits; leave '@8bit' out");
  EXPECT_EQ(matrices.chain().text(), "adafactor");
  AdamW libtorch({surface.weights});
  EXPECT_NE(refusal([&] { libtorch.store_slots(SlotFormat::eight_bit); }), "none");
}

TEST(SlotFormats, AreFloatsForPyTorchAndComeBack) {
  for (const char* chain : {"adamw@8bit", "adamw@bfloat16"}) {
    Surface whole, resumed;
    Optimizer straight({whole.weights}, kernels::Chain::parse(chain)),
        first({resumed.weights}, kernels::Chain::parse(chain)),
        second({resumed.weights}, kernels::Chain::parse(chain));
    whole.train(straight, 20), resumed.train(first, 9);
    const TorchState state = torch_state(first, resumed.names());
    EXPECT_EQ(state.parameters.at("weights").slots.at("exp_avg").scalar_type(), torch::kFloat32);
    restore(second, state, resumed.names());
    EXPECT_EQ(second.chain().text(), chain);
    EXPECT_EQ(second.state_bytes(), first.state_bytes());
    resumed.train(second, 11);
    // 11 steps of 1e-3, some of which are rounded differently.
    EXPECT_TRUE(torch::allclose(whole.weights, resumed.weights, 0, 1e-3)) << chain;
  }
}

TEST(SlotFormats, GoWithParametersIn16Bits) {
  Surface surface(torch::kBFloat16);
  Optimizer optimizer({surface.weights}, kernels::Chain::parse("adamw@8bit"));
  optimizer.round_stochastically(1);
  const Tensor before = surface.weights.detach().clone();
  surface.train(optimizer, 20);
  EXPECT_EQ(optimizer.state_bytes(), 2 * 4 * 260);
  EXPECT_FALSE(torch::equal(before, surface.weights));
  EXPECT_TRUE(surface.weights.isfinite().all().item<bool>());
}

TEST(SlotFormats, AreInTheOrderOfTheParametersMemory) {
  Surface plain, turned;
  turned.weights = torch::linspace(-1, 1, 1'000).reshape({10, 100}).t().contiguous().t().requires_grad_();
  Optimizer first({plain.weights}, kernels::Chain::parse("adamw@bfloat16")),
      second({turned.weights}, kernels::Chain::parse("adamw@8bit"));
  plain.train(first, 5), turned.train(second, 5);
  EXPECT_TRUE(torch::allclose(plain.weights, turned.weights, 0, 1e-3)) << "5 steps of 1e-3, a little apart";
}

// A separable logistic regression: whether the first of two coordinates is larger.
TEST(SlotFormats, SeparateTwoClasses) {
  torch::manual_seed(3);
  const Tensor points = torch::rand({200, 2}) * 2 - 1;
  const Tensor labels = (points.select(1, 0) > points.select(1, 1)).to(torch::kFloat32);
  for (const char* chain : {"adamw", "lion", "momentum"})
    for (const char* format : {"@bfloat16", "@8bit"}) {
      Tensor w = torch::zeros({2}, torch::requires_grad());
      kernels::Chain parsed = kernels::Chain::parse(std::string(chain) + format);
      parsed.rule.set("lr", chain == std::string("momentum") ? 1 : 0.05);
      Optimizer optimizer({w}, parsed);
      double loss = 0;
      for (int t = 0; t < 1'000; ++t) {
        optimizer.zero_grad();
        const Tensor value = torch::binary_cross_entropy_with_logits(points.mv(w), labels);
        value.backward();
        optimizer.step();
        loss = value.item<double>();
      }
      EXPECT_LT(loss, 0.1) << parsed.text();  // from log 2
    }
}

}  // namespace
}  // namespace basin::optim
