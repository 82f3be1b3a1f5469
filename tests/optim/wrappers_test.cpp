// The wrappers around any optimizer, compared with their definitions.
#include <sstream>

#include "basin/optim/optim.hpp"
#include "tests/optim/problem.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;

// Each sum rounds a few times, for weights near 1.
constexpr double rounding = 1e-14;

std::vector<Tensor> copies(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> out;
  for (const Tensor& t : tensors) out.push_back(t.detach().clone());
  return out;
}

double apart(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    worst = std::max(worst, (a[i] - b[i]).abs().max().item<double>());
  return worst;
}

template <class Saved>
void hand_over(const Saved& from, Saved& to) {
  torch::serialize::OutputArchive out;
  from.save(out);
  std::stringstream file;
  out.save_to(file);
  torch::serialize::InputArchive in;
  in.load_from(file);
  to.load(in);
}

TEST(WeightAverage, IsTheExponentialMeanOfTheWeightsThatTrainingPasses) {
  Problem p;
  SGD optimizer(p.parameters(), torch::optim::SGDOptions(0.5));
  WeightAverage average(p.parameters(), {.decay = 0.9});
  std::vector<Tensor> expected;
  for (int t = 0; t < 30; ++t) {
    train(p, optimizer, 1);
    average.update();
    if (t == 0) expected = copies(p.parameters());
    for (std::size_t i = 0; i < expected.size(); ++i)
      if (t > 0) expected[i] = 0.9 * expected[i] + 0.1 * p.parameters()[i].detach();
  }
  EXPECT_LT(apart(average.averages(), expected), rounding);
  EXPECT_GT(apart(average.averages(), p.parameters()), 1e-4);
}

// A matrix, a bias without a gradient, a strided and a half parameter, whose mean follows after the step, and
// links that skip steps.
struct Mixed {
  std::vector<Tensor> parameters{torch::linspace(-1, 1, 60'000).reshape({300, 200}), torch::linspace(0, 1, 7),
                                 torch::linspace(-2, 2, 10).slice(0, 0, 10, 2),
                                 torch::linspace(-1, 1, 9).to(torch::kBFloat16),
                                 torch::rand({3, 2}, torch::kFloat64)};
  Mixed() {
    for (Tensor& p : parameters) p.requires_grad_();
  }
  void draw_gradients(int t) {
    for (std::size_t i = 0; i < parameters.size(); ++i)
      if (i != 1) parameters[i].mutable_grad() = torch::sin(7 * parameters[i].detach() + t);
    if (t == 3) parameters[0].mutable_grad()[0][0] = std::numeric_limits<float>::infinity();
  }
};

TEST(WeightAverage, StepHasTheBitsOfAStepAndAnUpdate) {
  for (const std::string text :
       {"adamw", "clip_global_norm:1+adamw+cautious", "skip_nonfinite+sgd", "adafactor"})
    for (const AverageOptions options :
         {AverageOptions{.decay = 0.9}, {.start = 4}, {.decay = 0.9, .every = 3}}) {
      torch::manual_seed(1);
      Mixed apart_here;
      torch::manual_seed(1);
      Mixed together_here;
      const auto chain = kernels::Chain::parse(text);
      Optimizer first(apart_here.parameters, chain), second(together_here.parameters, chain);
      WeightAverage two_passes(apart_here.parameters, options), one_pass(together_here.parameters, options);
      for (int t = 0; t < 10; ++t) {
        apart_here.draw_gradients(t), together_here.draw_gradients(t);
        first.step();
        two_passes.update();
        one_pass.step(second);
      }
      for (std::size_t i = 0; i < apart_here.parameters.size(); ++i) {
        EXPECT_TRUE(
            torch::equal(apart_here.parameters[i].nan_to_num(), together_here.parameters[i].nan_to_num()))
            << text << " " << i;
        EXPECT_TRUE(torch::equal(two_passes.averages()[i].nan_to_num(), one_pass.averages()[i].nan_to_num()))
            << text << " " << i;
      }
      EXPECT_EQ(two_passes.averaged(), one_pass.averaged());
      EXPECT_FALSE(torch::equal(one_pass.averages()[2], together_here.parameters[2]));
    }
}

TEST(WeightAverage, StepRefusesWhileTheMeanIsInTheModelAndChangesNothing) {
  Problem p;
  Optimizer optimizer(p.parameters(), kernels::Chain::parse("sgd"));
  WeightAverage average(p.parameters(), {.decay = 0.9});
  average.swap();
  EXPECT_THROW(average.step(optimizer), InputError);
  EXPECT_EQ(average.updates(), 0);
}

TEST(WeightAverage, IsTheEqualMeanFromItsStartOn) {
  Problem p;
  SGD optimizer(p.parameters(), torch::optim::SGDOptions(0.5));
  WeightAverage average(p.parameters(), {.start = 10});
  std::vector<Tensor> sum;
  for (int t = 0; t < 30; ++t) {
    train(p, optimizer, 1);
    average.update();
    if (t < 10) continue;
    if (sum.empty())
      sum = copies(p.parameters());
    else
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += p.parameters()[i].detach();
  }
  for (Tensor& s : sum) s /= 20;
  EXPECT_EQ(average.averaged(), 20);
  EXPECT_LT(apart(average.averages(), sum), rounding);
}

TEST(WeightAverage, ChangesPlacesWithTheWeightsAndBack) {
  Problem p;
  SGD optimizer(p.parameters(), torch::optim::SGDOptions(0.5));
  WeightAverage average(p.parameters(), {.decay = 0.9});
  for (int t = 0; t < 5; ++t) train(p, optimizer, 1), average.update();
  const auto weights = copies(p.parameters()), mean = copies(average.averages());
  average.swap();
  EXPECT_EQ(apart(p.parameters(), mean), 0);
  EXPECT_NE(refusal([&] { average.update(); }), "none");
  average.swap();
  EXPECT_EQ(apart(p.parameters(), weights), 0);
}

TEST(WeightAverage, ContinuesFromASavedStateWithTheSameBits) {
  Problem whole, halves;
  SGD a(whole.parameters(), torch::optim::SGDOptions(0.5)),
      b(halves.parameters(), torch::optim::SGDOptions(0.5));
  const AverageOptions options{.decay = 0.99, .warmup = true, .start = 2, .every = 2};
  WeightAverage straight(whole.parameters(), options), first(halves.parameters(), options);
  for (int t = 0; t < 20; ++t) train(whole, a, 1), straight.update();
  for (int t = 0; t < 9; ++t) train(halves, b, 1), first.update();
  WeightAverage second(halves.parameters(), options);
  hand_over(first, second);
  for (int t = 0; t < 11; ++t) train(halves, b, 1), second.update();
  EXPECT_EQ(apart(straight.averages(), second.averages()), 0);
}

TEST(WeightAverage, RefusesWhatIsOutsideItsRange) {
  const std::vector<Tensor> one{torch::ones(3)};
  EXPECT_EQ(refusal([&] { WeightAverage(one, {.decay = 1}); }),
            "average: decay = 1 is outside its range; it must be in [0, 1)");
  EXPECT_EQ(refusal([&] { WeightAverage(one, {.every = 0}); }),
            "average: every = 0 is outside its range; it must be 1 or more");
}

TEST(UpdateBatchNorm, GathersTheStatisticsOfTheDataAnew) {
  torch::nn::BatchNorm1d layer(3);
  const Tensor data = torch::randn({40, 3}) * 5 + 2;
  layer->eval();
  update_batch_norm(*layer, [&] {
    for (int i = 0; i < 4; ++i) layer->forward(data.slice(0, i * 10, i * 10 + 10));
  });
  Tensor means = torch::zeros(3), variances = torch::zeros(3);
  for (int i = 0; i < 4; ++i) {
    means += data.slice(0, i * 10, i * 10 + 10).mean(0) / 4;
    variances += data.slice(0, i * 10, i * 10 + 10).var(0) / 4;
  }
  EXPECT_TRUE(torch::allclose(layer->running_mean, means, 1e-5, 1e-5));
  EXPECT_TRUE(torch::allclose(layer->running_var, variances, 1e-5, 1e-5));
  EXPECT_FALSE(layer->is_training());
  EXPECT_EQ(*layer->options.momentum(), 0.1);
}

// One of its layers is frozen, one occurs twice, one keeps no statistics.
struct Norms : torch::nn::Module {
  Norms() {
    first = register_module("first", torch::nn::BatchNorm1d(3));
    second = register_module("second", torch::nn::BatchNorm1d(torch::nn::BatchNormOptions(3).momentum(0.3)));
    register_module("again", first);
    register_module("third",
                    torch::nn::BatchNorm1d(torch::nn::BatchNormOptions(3).track_running_stats(false)));
    first->eval();
  }
  void forward() { second->forward(first->forward(torch::rand({4, 3}))); }
  torch::nn::BatchNorm1d first{nullptr}, second{nullptr};
};

TEST(UpdateBatchNorm, LeavesAllElseAsItWas) {
  for (const bool throws : {false, true}) {
    Norms norms;
    norms.forward();
    const Tensor mean = norms.second->running_mean.clone();
    const auto show = [&] {
      EXPECT_TRUE(norms.first->is_training());
      norms.forward();
      if (throws) throw std::runtime_error("no more data");
    };
    if (throws)
      EXPECT_THROW(update_batch_norm(norms, show), std::runtime_error);
    else
      update_batch_norm(norms, show);
    EXPECT_EQ(*norms.first->options.momentum(), 0.1);
    EXPECT_EQ(*norms.second->options.momentum(), 0.3);
    EXPECT_TRUE(norms.is_training());
    EXPECT_FALSE(norms.first->is_training());
    EXPECT_TRUE(norms.second->is_training());
    EXPECT_EQ(torch::equal(norms.second->running_mean, mean), throws);
    EXPECT_TRUE(torch::GradMode::is_enabled());
  }
}

TEST(Lookahead, ReturnsToTheSlowWeightsEveryFewSteps) {
  Problem a, b;
  Adam by_hand(a.parameters(), torch::optim::AdamOptions(0.05)),
      inner(b.parameters(), torch::optim::AdamOptions(0.05));
  Lookahead lookahead(inner, {.every = 3, .share = 0.4});
  std::vector<Tensor> slow = copies(a.parameters());
  const torch::NoGradGuard no_gradients;
  for (int t = 1; t <= 20; ++t) {
    const at::AutoGradMode with_gradients(true);
    train(a, by_hand, 1);
    inner.zero_grad();
    b.loss().backward();
    lookahead.step();
    if (t % 3 != 0) continue;
    for (std::size_t i = 0; i < slow.size(); ++i) {
      slow[i] = slow[i] + 0.4 * (a.parameters()[i].detach() - slow[i]);
      a.parameters()[i].data().copy_(slow[i]);
    }
  }
  EXPECT_LT(difference(a, b), 1e-12);
}

TEST(Lookahead, ContinuesFromASavedStateWithTheSameBits) {
  const auto steps = [](Problem& p, torch::optim::Optimizer& inner, Lookahead& lookahead, int count) {
    for (int t = 0; t < count; ++t) {
      inner.zero_grad();
      p.loss().backward();
      lookahead.step();
    }
  };
  Problem whole, halves;
  SGD a(whole.parameters(), torch::optim::SGDOptions(0.5)),
      b(halves.parameters(), torch::optim::SGDOptions(0.5));
  Lookahead straight(a), first(b), second(b);
  steps(whole, a, straight, 20);
  steps(halves, b, first, 9);
  hand_over(first, second);
  steps(halves, b, second, 11);
  EXPECT_EQ(difference(whole, halves), 0);
}

// On f = sum of c x^2 / 2, the gradient anywhere is c x, so that the step has a closed form.
struct Bowl {
  Tensor x = torch::tensor({1.0, -2.0, 0.5}, torch::kFloat64).requires_grad_();
  Tensor c = torch::tensor({1.0, 3.0, 10.0}, torch::kFloat64);
  Tensor loss() const { return (c * x * x).sum() / 2; }
};

Tensor after_step(const SamOptions& options) {
  Bowl bowl;
  SGD optimizer(std::vector<Tensor>{bowl.x}, torch::optim::SGDOptions(0.1));
  Sam sam(optimizer, options);
  const Tensor loss = sam.step([&] {
    Tensor l = bowl.loss();
    l.backward();
    return l;
  });
  EXPECT_EQ(loss.item<double>(), Bowl().loss().item<double>());
  return bowl.x.detach();
}

TEST(Sam, StepsWithTheGradientWhereTheLossIsWorstNearby) {
  const Bowl bowl;
  const Tensor x = bowl.x.detach(), g = bowl.c * x;
  const Tensor h = bowl.c * (x + 0.3 * g / g.norm());
  EXPECT_TRUE(torch::allclose(after_step({.rho = 0.3}), x - 0.1 * h, 0, rounding));
  const Tensor s = x.abs() + 0.01;
  const Tensor adaptive = bowl.c * (x + 0.3 * s * s * g / (s * g).norm());
  EXPECT_TRUE(torch::allclose(after_step({.rho = 0.3, .adaptive = true}), x - 0.1 * adaptive, 0, rounding));
  const Tensor apart = g - (g * h).sum() / (h * h).sum() * h;
  EXPECT_TRUE(
      torch::allclose(after_step({.rho = 0.3, .gap = 0.5}), x - 0.1 * (h - 0.5 * apart), 0, rounding));
}

TEST(Sam, WithoutDistanceItIsTheOptimizerAlone) {
  const Bowl bowl;
  EXPECT_TRUE(torch::equal(after_step({.rho = 0}), (bowl.x - 0.1 * bowl.c * bowl.x).detach()));
  EXPECT_EQ(refusal([&] {
              SGD optimizer(std::vector<Tensor>{bowl.x}, torch::optim::SGDOptions(0.1));
              Sam(optimizer, {.rho = -1});
            }),
            "sam: rho = -1 is outside its range; it must be 0 or more, and finite");
}

TEST(Accumulate, StepsWithTheMeanGradientOfSeveralBatches) {
  Problem whole, parts;
  Adam at_once(whole.parameters(), torch::optim::AdamOptions(0.05)),
      inner(parts.parameters(), torch::optim::AdamOptions(0.05));
  Accumulate accumulate(inner, 4);
  for (int t = 0; t < 10; ++t) {
    train(whole, at_once, 1);
    for (int i = 0; i < 4; ++i) {
      const auto rows = [&](const Tensor& all) { return all.slice(0, i * 4, i * 4 + 4); };
      torch::mse_loss(parts.net->forward(rows(parts.inputs)), rows(parts.targets)).backward();
      EXPECT_EQ(accumulate.step(), i == 3);
    }
  }
  EXPECT_FALSE(accumulate.flush());
  EXPECT_LT(difference(whole, parts), 1e-12);
}

// --- what was saved, what is added later, and what is put back

TEST(Lookahead, LoadingRestoresItsOptions) {
  Problem p;
  SGD inner(p.parameters(), torch::optim::SGDOptions(0.5));
  Lookahead saved(inner, {.every = 5, .share = 0.25}), loaded(inner, {.every = 7});
  hand_over(saved, loaded);
  EXPECT_EQ(loaded.options().every, 5);
  EXPECT_EQ(loaded.options().share, 0.25);
}

TEST(WeightAverage, LoadingRestoresItsOptions) {
  Problem p;
  const WeightAverage saved(p.parameters(), {.decay = 0.9, .warmup = true, .start = 3, .every = 2});
  WeightAverage loaded(p.parameters(), {.start = 8});
  hand_over(saved, loaded);
  EXPECT_EQ(loaded.options().decay, 0.9);
  EXPECT_TRUE(loaded.options().warmup);
  EXPECT_EQ(loaded.options().start, 3);
  EXPECT_EQ(loaded.options().every, 2);
  const WeightAverage equal_mean(p.parameters(), {.start = 1});
  hand_over(equal_mean, loaded);
  EXPECT_FALSE(loaded.options().decay);
}

// A parameter with a gradient of ones, and one that is added to the optimizer later.
struct Late {
  Tensor early = torch::ones(2), late = torch::ones(3);
  SGD optimizer{std::vector<Tensor>{early}, torch::optim::SGDOptions(0.25)};
  void join() { optimizer.add_param_group(OptimizerParamGroup({late})); }
  void gradients() const {
    early.mutable_grad() = torch::ones(2);
    late.mutable_grad() = torch::ones(3);
  }
};

TEST(Lookahead, TakesInAGroupThatIsAddedLater) {
  Late all;
  Lookahead lookahead(all.optimizer, {.every = 2, .share = 0.5});
  all.gradients();
  lookahead.step();
  all.join();
  lookahead.step();
  EXPECT_EQ(all.early[0].item<double>(), 0.75);  // half of the distance of two steps
  EXPECT_EQ(all.late[0].item<double>(), 0.875);  // half of the distance of one
  Late others;
  others.join();
  Lookahead loaded(others.optimizer);
  hand_over(lookahead, loaded);
  EXPECT_EQ(loaded.options().every, 2);
}

TEST(WeightAverage, RefusesAStepWithAGroupThatItIsNotOf) {
  Late all;
  WeightAverage part(std::vector<Tensor>{all.early}, {.decay = 0.5}),
      whole(std::vector<Tensor>{all.early, all.late}, {.decay = 0.5});
  all.gradients();
  part.step(all.optimizer);
  whole.step(all.optimizer);
  all.join();
  const Tensor before = all.early.clone();
  EXPECT_NE(refusal([&] { part.step(all.optimizer); }).find("this mean does not cover"), std::string::npos);
  EXPECT_TRUE(torch::equal(before, all.early));
  whole.step(all.optimizer);
  EXPECT_EQ(all.late[0].item<double>(), 0.75);
}

TEST(Sam, TakesInAGroupThatIsAddedLater) {
  Late all;
  Sam sam(all.optimizer, {.rho = 0.5});
  all.join();
  all.gradients();
  ASSERT_TRUE(sam.climb());
  EXPECT_GT(all.late[0].item<double>(), 1);
  sam.come_back();
  EXPECT_EQ(all.late[0].item<double>(), 1);
}

TEST(Accumulate, TakesInAGroupThatIsAddedLater) {
  Late all;
  Accumulate accumulate(all.optimizer, 2);
  all.gradients();
  accumulate.step();
  all.join();
  accumulate.step();
  EXPECT_EQ(all.late[0].item<double>(), 1 - 0.25 / 2);
}

TEST(Sam, PutsTheWeightsBackWhenTheSecondClosureThrows) {
  for (const double gap : {0.0, 0.5}) {
    Late all;
    Sam sam(all.optimizer, {.rho = 0.5, .gap = gap});
    int calls = 0;
    EXPECT_THROW(sam.step([&] {
      if (++calls == 2) throw std::runtime_error("no data");
      all.gradients();
      return torch::ones({});
    }),
                 std::runtime_error);
    EXPECT_TRUE(torch::equal(all.early, torch::ones(2)));
    all.gradients();
    EXPECT_TRUE(sam.climb()) << "it is ready for the next step";
    sam.come_back();
  }
}

TEST(Sam, ClimbsOnceAndComesBack) {
  Late all;
  {
    Sam sam(all.optimizer, {.rho = 0.5});
    all.gradients();
    ASSERT_TRUE(sam.climb());
    all.gradients();
    EXPECT_EQ(refusal([&] { sam.climb(); }), "sam: climb() again before come_back()");
    sam.come_back();
    EXPECT_TRUE(torch::equal(all.early, torch::ones(2)));
    sam.come_back();  // does nothing
    EXPECT_TRUE(torch::equal(all.early, torch::ones(2)));
    all.gradients();
    ASSERT_TRUE(sam.climb());
  }
  EXPECT_TRUE(torch::equal(all.early, torch::ones(2))) << "left without come_back()";
}

TEST(Accumulate, ForgetsNothingWhenTheStepIsRefused) {
  Late all;
  Accumulate accumulate(all.optimizer, 2);
  all.early.mutable_grad() = torch::full(2, 4.0);
  accumulate.step();
  all.early.mutable_grad() = torch::full(2, 8.0);
  static_cast<torch::optim::SGDOptions&>(all.optimizer.param_groups()[0].options()).lr(-1);
  EXPECT_NE(refusal([&] { accumulate.step(); }), "none");
  EXPECT_EQ(all.early.grad()[0].item<double>(), 8);
  static_cast<torch::optim::SGDOptions&>(all.optimizer.param_groups()[0].options()).lr(0.25);
  EXPECT_TRUE(accumulate.flush());
  EXPECT_EQ(all.early[0].item<double>(), 1 - 0.25 * 4);
}

TEST(Shadow, LeavesNoGradientBehindWhenItIsRefused) {
  const Tensor a = torch::ones(2), b = torch::ones(3);
  WeightAverage average({a, b}, {.decay = 0.5});
  average.update();
  b.set_data(torch::ones(4));
  EXPECT_NE(refusal([&] { average.update(); }), "none");
  b.set_data(torch::full(3, 3.0));
  average.update();
  EXPECT_EQ(average.averages()[1][0].item<double>(), 2);
  EXPECT_FALSE(average.averages()[0].grad().defined());
}

}  // namespace
}  // namespace basin::optim
