// Batches of training, of evaluation and micro-batches in every relation to each other: all train, and no
// result depends on the batch size of evaluation.
#include <numeric>

#include "tests/train/small_run.hpp"

namespace basin::train {
namespace {

struct Sizes {
  std::int64_t train, validation, test, batch, micro, evaluation;
};

std::ostream& operator<<(std::ostream& out, const Sizes& s) {
  return out << s.train << " examples in batches of " << s.batch << ", " << s.micro << " at once; "
             << s.validation << " and " << s.test << " evaluated, " << s.evaluation << " at once";
}

// Every pair of sizes occurs, including equal ones and those with the same remainder.
std::vector<Sizes> sizes() {
  std::vector<Sizes> out;
  for (const std::int64_t train : {4, 7})
    for (const std::int64_t validation : {2, 3, 4, 5})
      for (const std::int64_t batch : {1, 2, 3, 4, 9})
        for (const std::int64_t micro : {0, 1, 2, 3})
          for (const std::int64_t evaluation : {1, 2, 3, 4})
            out.push_back({train, validation, 9 - validation, batch, micro, evaluation});
  return out;
}

// The result of a run: its losses, and the weights after each epoch. Also evaluates on the test split.
struct Trained : Watcher {
  void on_epoch(const Row& row) override {
    losses.push_back(value_of(row.train, "loss"));
    for (const auto& [name, tensor] : snapshot(*network)) weights.push_back(tensor);
    test.push_back(evaluate(*network, *examples, Part::test, losses::Loss{}, {}, evaluation).at("loss"));
  }
  nn::Network* network = nullptr;
  Examples* examples = nullptr;
  std::int64_t evaluation = 1;
  std::vector<double> losses, test;
  std::vector<torch::Tensor> weights;
};

Trained trained(nn::Network& network, Examples& examples, const Sizes& sizes) {
  nn::initialize(network, "default", 1, 0);
  optim::Optimizer optimizer(network.parameters(), kernels::Chain::parse("adam"));
  Trained out;
  out.network = &network, out.examples = &examples, out.evaluation = sizes.evaluation;
  evaluate(network, examples, Part::validation, losses::Loss{}, {}, sizes.evaluation);
  fit(network, optimizer, examples, {.epochs = 3, .batch_size = sizes.batch, .micro_batch = sizes.micro},
      out);
  return out;
}

// `run` trains with given sizes from the same start. Every evaluation size must give the same bits.
template <class Run>
void expect_all_train_alike(const Run& run) {
  for (const Sizes& s : sizes()) {
    SCOPED_TRACE(::testing::PrintToString(s));
    Sizes one = s;
    one.evaluation = 1;
    Trained as_given, one_by_one;
    ASSERT_NO_THROW(as_given = run(s));
    ASSERT_NO_THROW(one_by_one = run(one));
    ASSERT_EQ(as_given.losses.size(), 3u);
    ASSERT_EQ(as_given.losses, one_by_one.losses);
    for (std::size_t i = 0; i < as_given.weights.size(); ++i)
      ASSERT_TRUE(torch::equal(as_given.weights[i], one_by_one.weights[i])) << i;
    for (std::size_t i = 0; i < 3; ++i)  // sums of floats, grouped differently
      ASSERT_NEAR(as_given.test[i], one_by_one.test[i], 1e-5);
  }
}

TEST(BatchSizes, OfImagesTrainAlike) {
  expect_all_train_alike([](const Sizes& s) {
    const data::SharedSet images = two_classes(s.train + s.validation, s.test);
    const auto network =
        nn::make_network(nn::parse_layers("conv 2 3x3, relu, flatten, dropout 0.2, linear 2", {8, 8, 1}));
    return trained(*network, *image_examples(data::images_of(images), s.validation, 0, 1, 0), s);
  });
}

// A user's loader and network that each keep the tensors that they created when called with this size.
struct KeepingExamples : Examples {
  explicit KeepingExamples(const Sizes& s) : count_{s.train, s.validation, s.test} {}
  std::int64_t count(Part part) const override { return count_[static_cast<std::size_t>(part)]; }
  Batch gather(Part part, std::span<const std::uint32_t> positions) override {
    Batch& batch = kept_[positions.size()];
    if (!batch.inputs.defined()) {
      const auto n = static_cast<std::int64_t>(positions.size());
      batch = {torch::empty({n, 3}), torch::empty({n}, torch::kInt64)};
    }
    for (std::size_t i = 0; i < positions.size(); ++i)
      for (std::size_t j = 0; j < 3; ++j) {
        batch.inputs.data_ptr<float>()[3 * i + j] =
            static_cast<float>((positions[i] * 7 + j * 5 + static_cast<std::size_t>(part)) % 11) / 11;
        batch.targets.data_ptr<std::int64_t>()[i] = positions[i] % 2;
      }
    return batch;
  }

 private:
  std::array<std::int64_t, 3> count_;
  std::map<std::size_t, Batch> kept_;
};

struct KeepingNetwork : nn::Network {
  KeepingNetwork() { weight_ = register_parameter("weight", torch::zeros({2, 3})); }
  torch::Tensor forward(torch::Tensor inputs) override {
    torch::Tensor& scale = scales_[inputs.size(0)];
    if (!scale.defined()) scale = torch::full({inputs.size(0), 2}, 2.0);
    return torch::linear(inputs, weight_) * scale;
  }

 private:
  torch::Tensor weight_;
  std::map<std::int64_t, torch::Tensor> scales_;
};

TEST(BatchSizes, OfOnesOwnTrainAlike) {
  expect_all_train_alike([](const Sizes& s) {
    KeepingNetwork network;
    KeepingExamples examples(s);
    return trained(network, examples, s);
  });
}

// A program may enable InferenceMode for its own evaluation, or around everything.
TEST(BatchSizes, NothingOfACallersInferenceModeIsTrainedWith) {
  const data::SharedSet images = two_classes(12, 4);
  const auto network = nn::make_network(nn::parse_layers("flatten, linear 2", {8, 8, 1}));
  const auto examples = image_examples(data::images_of(images), 4, 0, 1, 0);
  const Sizes s{8, 4, 4, 4, 0, 4};
  const auto expected = trained(*network, *examples, s).losses;
  std::vector<std::uint32_t> some(3);
  std::iota(some.begin(), some.end(), 0u);
  const c10::InferenceMode inference;
  EXPECT_FALSE(examples->gather(Part::test, some).inputs.is_inference());
  evaluate(*network, *examples, Part::test, losses::Loss{}, {}, 2);
  EXPECT_EQ(trained(*network, *examples, s).losses, expected);
  EXPECT_TRUE(c10::InferenceMode::is_enabled());
}

}  // namespace
}  // namespace basin::train
