#include "basin/optim/lbfgs.hpp"

#include <sstream>

#include "tests/optim/problem.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;
using Options = torch::optim::LBFGSOptions;

Options with_search() { return Options(1).line_search_fn("strong_wolfe"); }

template <class Optimizer>
double descend(Problem& problem, Optimizer& optimizer, int steps) {
  double loss = 0;
  for (int i = 0; i < steps; ++i)
    loss = optimizer
               .step([&] {
                 optimizer.zero_grad();
                 const Tensor l = problem.loss();
                 l.backward();
                 return l;
               })
               .template item<double>();
  return loss;
}

// Newton's directions amplify rounding: each of 20 iterations in double loses about half a digit.
constexpr double rounding = 1e-7;

void expect_same_path(const Options& options) {
  Problem a, b;
  torch::optim::LBFGS theirs(a.parameters(), options);
  LBFGS ours(b.parameters(), options);
  const double before = descend(b, ours, 0) + Problem().loss().item<double>();
  const double their_loss = descend(a, theirs, 2), our_loss = descend(b, ours, 2);
  EXPECT_NEAR(their_loss, our_loss, rounding);
  EXPECT_LT(difference(a, b), 1e3 * rounding);
  EXPECT_LT(our_loss, before);
}

TEST(Lbfgs, FollowsLibtorchWithoutALineSearch) { expect_same_path(Options(0.5).max_iter(8)); }
TEST(Lbfgs, FollowsLibtorchWithStrongWolfe) { expect_same_path(with_search().max_iter(8)); }
TEST(Lbfgs, FollowsLibtorchWithAShortHistory) { expect_same_path(with_search().max_iter(8).history_size(3)); }

// f = (1 - x)^2 + 100 (y - x^2)^2 from (-1.2, 1), with its minimum at (1, 1).
struct Rosenbrock {
  Tensor point = torch::tensor({-1.2, 1.0}, torch::kFloat64).requires_grad_();
  int evaluations = 0;
  Tensor loss() {
    ++evaluations;
    const Tensor x = point[0], y = point[1];
    return (1 - x).pow(2) + 100 * (y - x * x).pow(2);
  }
};

TEST(Lbfgs, FindsTheMinimumOfRosenbrock) {
  Rosenbrock valley;
  LBFGS optimizer(std::vector<Tensor>{valley.point}, with_search().max_iter(100).tolerance_change(1e-15));
  optimizer.step([&] {
    optimizer.zero_grad();
    const Tensor l = valley.loss();
    l.backward();
    return l;
  });
  EXPECT_LT((valley.point - 1).abs().max().item<double>(), 1e-6);
  EXPECT_LT(valley.evaluations, 60);  // Nocedal & Wright's code needs about 40
}

TEST(Lbfgs, TurnsBackWhereTheLossIsNotFinite) {
  const Tensor x = torch::tensor({0.5}, torch::kFloat64).requires_grad_();
  LBFGS optimizer(std::vector<Tensor>{x}, with_search());
  // -log(1 - x) - 3 log x: NaN or infinite for x >= 1, minimal at x = 3/4. The first trial step goes far
  // beyond 1.
  optimizer.step([&] {
    optimizer.zero_grad();
    const Tensor l = (-torch::log(1 - x) - 3 * torch::log(x)).sum();
    l.backward();
    return l;
  });
  EXPECT_NEAR(x.item<double>(), 0.75, 1e-4);
}

// The square root has an infinite slope at 0, but a finite loss.
TEST(Lbfgs, KeepsTheWeightsWhereTheGradientIsNotFinite) {
  for (const Options& options : {Options(1), with_search()}) {
    const Tensor x = torch::tensor({0.0, 0.25}, torch::kFloat64).requires_grad_();
    LBFGS optimizer(std::vector<Tensor>{x}, options);
    const Tensor before = x.detach().clone();
    for (int i = 1; i <= 2; ++i) {
      const Tensor loss = optimizer.step([&] {
        optimizer.zero_grad();
        const Tensor l = torch::sqrt(x).sum();
        l.backward();
        return l;
      });
      EXPECT_EQ(loss.item<double>(), 0.5);
      EXPECT_TRUE(torch::equal(x.detach(), before));
      EXPECT_EQ(optimizer.skipped(), i);
    }
  }
}

TEST(Lbfgs, ALineSearchTurnsBackWhereTheGradientIsNotFinite) {
  const Tensor x = torch::tensor({4.0}, torch::kFloat64).requires_grad_();
  LBFGS optimizer(std::vector<Tensor>{x}, with_search().max_iter(40));
  // Falls towards x = 1; left of it, it is even lower, with a slope that is NaN.
  optimizer.step([&] {
    optimizer.zero_grad();
    const Tensor l = x.item<double>() < 1 ? (x - 3).sum() : (x - 1).pow(2).sum();
    l.backward();
    if (x.item<double>() < 1) x.mutable_grad().fill_(std::numeric_limits<double>::quiet_NaN());
    return l;
  });
  EXPECT_GE(x.item<double>(), 1);
  EXPECT_LT(x.item<double>(), 1.5);
}

TEST(Lbfgs, PutsTheWeightsBackWhenTheClosureThrowsInALineSearch) {
  Problem p;
  LBFGS optimizer(p.parameters(), with_search());
  descend(p, optimizer, 1);
  const std::vector<Tensor> parameters = p.parameters();
  std::vector<Tensor> before;
  for (const Tensor& t : parameters) before.push_back(t.detach().clone());
  int calls = 0;
  EXPECT_THROW(optimizer.step([&]() -> Tensor {
    if (++calls == 2) throw std::runtime_error("no data");
    optimizer.zero_grad();
    const Tensor l = p.loss();
    l.backward();
    return l;
  }),
               std::runtime_error);
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_TRUE(torch::equal(before[i], parameters[i].detach()));
}

TEST(Lbfgs, IsAnOptimizerWithoutARuleForOneWeight) {
  Problem p;
  LBFGS optimizer(p.parameters(), with_search());
  Optimizer& base = optimizer;
  descend(p, optimizer, 1);
  base.eval();
  base.train();
  EXPECT_FALSE(base.wants_curvature());
  EXPECT_GT(base.state_bytes(), 0);
  EXPECT_EQ(refusal([&] { base.chain(); }), "lbfgs has no rule for one weight");
  EXPECT_EQ(optimizer.state().size(), 1U);
}

TEST(Lbfgs, GoesOnFromAFileOfLibtorchBefore15) {
  Problem p, q;
  LBFGS first(p.parameters(), with_search().max_iter(4)), second(q.parameters(), with_search().max_iter(4));
  descend(p, first, 2);
  const auto& state = static_cast<const LBFGSParamState&>(*first.state().at(key_of(p.parameters()[0])));
  torch::serialize::OutputArchive out;
  const auto write = [&](const std::string& key, const std::deque<Tensor>& list) {
    out.write(key + "/size", torch::tensor(static_cast<std::int64_t>(list.size())));
    for (std::size_t i = 0; i < list.size(); ++i) out.write(key + "/" + std::to_string(i), list[i], true);
  };
  out.write("d", state.d(), true);
  out.write("t", torch::tensor(state.t(), torch::kFloat64), true);
  out.write("H_diag", state.H_diag(), true);
  out.write("prev_flat_grad", state.prev_flat_grad(), true);
  out.write("prev_loss", torch::tensor(state.prev_loss(), torch::kFloat64), true);
  write("old_dirs", state.old_dirs());
  write("old_stps", state.old_stps());
  std::stringstream file;
  out.save_to(file);
  torch::load(second, file);
  const auto& loaded = static_cast<const LBFGSParamState&>(*second.state().at(key_of(q.parameters()[0])));
  ASSERT_EQ(loaded.old_dirs().size(), state.old_dirs().size());
  ASSERT_EQ(loaded.ro().size(), state.ro().size());
  EXPECT_NEAR(loaded.ro().back().item<double>(), state.ro().back().item<double>(), 1e-12);
  const double before = q.loss().item<double>();
  descend(q, second, 2);
  EXPECT_LT(q.loss().item<double>(), before);
}

TEST(Lbfgs, ContinuesFromASavedStateWithTheSameBits) {
  Problem whole, halves;
  LBFGS straight(whole.parameters(), with_search().max_iter(4)),
      first(halves.parameters(), with_search().max_iter(4));
  descend(whole, straight, 4);
  descend(halves, first, 2);
  std::stringstream file;
  torch::save(first, file);
  LBFGS second(halves.parameters(), Options(0.1));
  torch::load(second, file);
  descend(halves, second, 2);
  EXPECT_EQ(difference(whole, halves), 0);
}

TEST(Lbfgs, RefusesWhatItCannotUse) {
  const std::vector<Tensor> one{torch::ones(3, torch::requires_grad())};
  EXPECT_EQ(refusal([&] { LBFGS(one, Options(-1)); }),
            "lbfgs: lr = -1 is outside its range; it must be 0 or more");
  EXPECT_EQ(refusal([&] { LBFGS(one, Options(1).line_search_fn("armijo")); }),
            "lbfgs: line_search_fn = 'armijo'; it must be 'strong_wolfe' or nothing");
  EXPECT_EQ(refusal([&] {
              LBFGS({torch::optim::OptimizerParamGroup(one),
                     torch::optim::OptimizerParamGroup(std::vector<Tensor>{torch::ones(2)})});
            }),
            "lbfgs takes one parameter group, not 2: one step covers all parameters");
  LBFGS optimizer(one);
  EXPECT_EQ(refusal([&] { optimizer.step(nullptr); }),
            "lbfgs: step() needs a closure that computes the loss and its gradients");
}

TEST(Lbfgs, RefusesAStateOfOtherParameters) {
  Problem p;
  LBFGS first(p.parameters(), with_search());
  descend(p, first, 1);
  std::stringstream file;
  torch::save(first, file);
  LBFGS other(std::vector<Tensor>{torch::ones(3, torch::requires_grad())});
  EXPECT_EQ(refusal([&] { torch::load(other, file); }),
            "loaded optimizer state has another number of parameters; this optimizer has 1");
}

}  // namespace
}  // namespace basin::optim
