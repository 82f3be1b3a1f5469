// Random steps of every rule, link, format and wrapper over random tensors. Each either takes place or is
// refused by an InputError that changes no weight; nothing is written outside the elements of a parameter;
// and if only the memory layout differs, the weights have the same bits as those of plain tensors. Runs under
// AddressSanitizer in `make check`.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <sstream>

#include "basin/optim/distinct.hpp"
#include "basin/optim/optim.hpp"
#include "basin/rules/catalogue.hpp"
#include "basin/rules/links.hpp"
#include "tests/optim/memory/random_case.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;

std::int64_t cases() {
  const char* const wanted = std::getenv("BASIN_CASES");
  return wanted ? std::atoll(wanted) : 1500;
}

// --- a random optimizer

std::vector<std::string> link_names(Place place) {
  std::vector<std::string> out;
  links::All::each([&]<class L>() {
    const kernels::LinkInfo& info = kernels::link_table_of<L>().info;
    if (info.place == place) out.push_back(info.name);
  });
  return out;
}

std::vector<std::string> rule_names() {
  std::vector<std::string> out;
  for (const RuleInfo& info : catalogue()) out.push_back(info.name);
  return out;
}

std::string random_chain(Random& random) {
  static const auto before = link_names(Place::gradient), after = link_names(Place::direction);
  static const auto rules = rule_names();
  std::string text;
  for (std::int64_t n = random.below(3); n > 0; --n) text += random.one_of(before) + "+";
  text += random.one_of(rules);
  if (random.once_in(4)) text += random.one_of<std::string>({"@bfloat16", "@8bit"});
  for (std::int64_t n = random.below(3); n > 0; --n) text += "+" + random.one_of(after);
  return text;
}

// Returns nothing for an optimizer that cannot exist: a link that needs an argument, or one after a rule that
// moves the weights itself.
std::unique_ptr<Optimizer> random_optimizer(Random& random, const std::vector<Tensor>& parameters,
                                            std::string& name) {
  switch (random.below(16)) {
    case 0:
      name = "SGD";
      return std::make_unique<SGD>(parameters, SGDOptions(0.1).momentum(random.once_in(2) ? 0.9 : 0));
    case 1:
      return name = "Adam", std::make_unique<Adam>(parameters, AdamOptions().amsgrad(random.once_in(2)));
    case 2:
      return name = "AdamW", std::make_unique<AdamW>(parameters, AdamWOptions());
    case 3:
      return name = "Adagrad", std::make_unique<Adagrad>(parameters, AdagradOptions());
    case 4:
      return name = "RMSprop",
             std::make_unique<RMSprop>(parameters, RMSpropOptions().centered(random.once_in(2)));
    default:
      break;
  }
  name = random_chain(random);
  try {
    return std::make_unique<Optimizer>(parameters, kernels::Chain::parse(name));
  } catch (const InputError&) {
    return nullptr;
  }
}

// Returns whether the memory layout must not change a bit: nothing is summed over weights, and no block of
// slots shares a scale.
bool is_elementwise(const kernels::Chain& chain) {
  const auto sums = [](const kernels::AnyLink& link) {
    return link.info().scope || link.info().name == "noise";
  };
  return !chain.rule.table().scope && !chain.rule.table().by_matrix &&
         chain.rule.slot_format() == kernels::SlotFormat::native &&
         std::ranges::none_of(chain.before, sums) && std::ranges::none_of(chain.after, sums);
}

// --- a random life

// The bits of plain tensors, by which any number can be compared.
std::vector<Tensor> bits_of(const std::vector<Placed>& placed) {
  std::vector<Tensor> out;
  for (const Placed& p : placed) out.push_back(p.base.clone());
  return out;
}

bool same_bits(const Tensor& a, const Tensor& b) {
  const std::size_t size = a.nbytes();
  return size == b.nbytes() && (size == 0 || std::memcmp(a.data_ptr(), b.data_ptr(), size) == 0);
}

bool same_numbers(const Tensor& a, const Tensor& b) {
  const Tensor nan = a.isnan();
  return torch::equal(nan, b.isnan()) && same_bits(a.masked_fill(nan, 0), b.masked_fill(nan, 0));
}

class Life {
 public:
  explicit Life(std::uint64_t seed) : seed_(seed), random_(seed) {
    torch::manual_seed(seed);
    for (std::int64_t n = random_.below(4) + 1; n > 0; --n) {
      placed_.push_back(random_placed(random_, random_sizes(random_), random_type()));
      parameters_.push_back(placed_.back().view.detach());
      twins_.push_back(placed_.back().view.clone(at::MemoryFormat::Contiguous));
    }
    optimizer_ = random_optimizer(random_, parameters_, name_);
    if (!optimizer_) return;
    comparable_ = is_elementwise(optimizer_->chain());
    twin_ = std::make_unique<Optimizer>(twins_, optimizer_->chain());
    if (random_.once_in(3)) average_.emplace(parameters_, AverageOptions{.decay = 0.9});
    if (random_.once_in(4)) lookahead_.emplace(*optimizer_, LookaheadOptions{.every = 2});
    if (random_.once_in(6)) sam_.emplace(*optimizer_);
    if (random_.once_in(4)) optimizer_->round_stochastically(7), comparable_ = false;
  }

  void run() {
    for (int i = 0; optimizer_ && i < 5; ++i) {
      if (random_.once_in(12)) spoil();
      give_gradients();
      SCOPED_TRACE("seed " + std::to_string(seed_));
      const std::string what = step();
      if (::testing::Test::HasFailure()) {
        ADD_FAILURE() << "seed " << seed_ << ", step " << i << " of " << name_ << ": " << what;
        return;
      }
    }
  }

  static std::int64_t steps, refused, compared;

 private:
  torch::ScalarType random_type() {
    const auto type = random_.below(10);
    return type == 0   ? torch::kFloat64
           : type == 1 ? torch::kBFloat16
           : type == 2 ? torch::kFloat16
                       : torch::kFloat32;
  }

  void give_gradients() {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      const Tensor gradient = random_gradient(random_, parameters_[i]);
      // libtorch checks neither shape nor type if a tensor needs no gradient.
      parameters_[i].mutable_grad() = gradient;
      const bool dense = gradient.defined() && gradient.layout() == torch::kStrided && in_memory(gradient);
      twins_[i].mutable_grad() = dense ? gradient.contiguous().clone() : gradient;
    }
  }

  // What a caller may do between two steps.
  void spoil() {
    comparable_ = false;
    const auto i = static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(parameters_.size())));
    switch (random_.below(6)) {
      case 0:
        return put(i, random_placed(random_, random_sizes(random_), random_type()));
      case 1:
        return put(i, packed({parameters_[i].numel()}, parameters_[i].scalar_type()));
      case 2: {
        const Tensor one = torch::ones({}).to(parameters_[i].scalar_type());
        return put(i, {one.expand(parameters_[i].sizes()), one});
      }
      case 3:
        return spoil_state(i);
      case 4:
        return void(optimizer_->state()[key_of(parameters_[i])]);
      default:
        optimizer_->state().clear();
    }
  }

  void put(std::size_t i, const Placed& placed) {
    parameters_[i].set_data(placed.view);
    placed_[i] = placed;
  }

  void spoil_state(std::size_t i) {
    auto* const entry = optimizer_->state()[key_of(parameters_[i])].get();
    auto* const state = dynamic_cast<ParamState*>(entry);
    if (!state || state->slots.empty()) return;
    Tensor& slot =
        state->slots[static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(state->slots.size())))];
    switch (random_.below(4)) {
      case 0:
        slot = Tensor();
        break;
      case 1:
        slot = torch::ones(random_sizes(random_));
        break;
      case 2:
        slot = torch::ones(random_sizes(random_), torch::kFloat64);
        break;
      default:  // with the right shape, but one number in memory
        if (slot.defined()) slot = torch::zeros({}).to(slot.scalar_type()).expand(slot.sizes());
    }
  }

  std::string step() {
    const std::vector<Tensor> before = bits_of(placed_);
    const std::function<void()> action = random_action();
    ++steps;
    try {
      action();
    } catch (const InputError& error) {
      ++refused;
      expect_unchanged(before);
      return error.what();
    } catch (const std::exception& error) {
      ADD_FAILURE() << "neither a step nor an InputError";
      return error.what();
    }
    expect_gaps_unchanged(before);
    compare();
    return "";
  }

  std::function<void()> random_action() {
    if (average_ && random_.once_in(2)) return [&] { average_->step(*optimizer_); };
    if (lookahead_ && random_.once_in(2)) return comparable_ = false, [&] { lookahead_->step(); };
    if (sam_ && random_.once_in(2)) return comparable_ = false, [&] { climb(); };
    if (random_.once_in(8)) return comparable_ = false, [&] { optimizer_->eval(), optimizer_->train(); };
    if (random_.once_in(8)) return comparable_ = false, [&] { optimizer_->add_curvature(4); };
    if (random_.once_in(8)) return comparable_ = false, [&] { hand_over(); };
    return [&] { optimizer_->step(); };
  }

  void climb() {
    if (sam_->climb()) sam_->come_back();
  }

  void hand_over() {
    std::stringstream file;
    torch::save(*optimizer_, file);
    torch::load(*optimizer_, file);
  }

  void expect_unchanged(const std::vector<Tensor>& before) const {
    for (std::size_t i = 0; i < placed_.size(); ++i)
      EXPECT_TRUE(same_bits(before[i], placed_[i].base)) << "parameter " << i << " changed";
  }

  // Restores the elements of the parameter; then nothing may differ.
  void expect_gaps_unchanged(const std::vector<Tensor>& before) const {
    const torch::NoGradGuard no_gradients;
    for (std::size_t i = 0; i < placed_.size(); ++i) {
      if (overlaps_itself(placed_[i].view)) continue;  // it has taken no step
      const Tensor now = placed_[i].base.clone();
      const Tensor &view = placed_[i].view, &then = before[i];
      now.as_strided(view.sizes(), view.strides(), view.storage_offset())
          .copy_(then.as_strided(view.sizes(), view.strides(), view.storage_offset()));
      EXPECT_TRUE(same_bits(now, then)) << "wrote beside the elements of parameter " << i;
    }
  }

  void compare() {
    if (!comparable_) return;
    twin_->step();
    ++compared;
    for (std::size_t i = 0; i < parameters_.size(); ++i)
      EXPECT_TRUE(same_numbers(parameters_[i].contiguous(), twins_[i]))
          << "another layout, other bits: " << i;
  }

  std::uint64_t seed_;
  Random random_;
  std::string name_;
  std::vector<Placed> placed_;
  std::vector<Tensor> parameters_, twins_;
  std::unique_ptr<Optimizer> optimizer_, twin_;
  std::optional<WeightAverage> average_;
  std::optional<Lookahead> lookahead_;
  std::optional<Sam> sam_;
  bool comparable_ = true;
};

std::int64_t Life::steps = 0, Life::refused = 0, Life::compared = 0;

TEST(Memory, AStepTakesPlaceOrIsRefusedAndNothingElseIsWritten) {
  const std::int64_t count = cases();
  for (std::int64_t seed = 1; seed <= count && !HasFailure(); ++seed)
    Life(static_cast<std::uint64_t>(seed)).run();
  std::cout << count << " lives, " << Life::steps << " steps: " << Life::refused << " refused, "
            << Life::compared << " compared bit for bit\n";
  EXPECT_GT(Life::refused, count / 10) << "too little of what is wrong was tried";
  EXPECT_GT(Life::compared, count / 10) << "too little was compared";
  EXPECT_GT(Life::steps - Life::refused, count);
}

// L-BFGS lays all parameters end to end.
TEST(Memory, LbfgsTakesPlaceOrIsRefused) {
  Random random(3);
  std::int64_t refused = 0, taken = 0;
  for (std::int64_t n = cases() / 10; n > 0 && !HasFailure(); --n) {
    std::vector<Tensor> parameters;
    for (std::int64_t i = random.below(3) + 1; i > 0; --i)
      parameters.push_back(random_placed(random, random_sizes(random), torch::kFloat64).view.detach());
    LBFGS optimizer(parameters, random.once_in(2)
                                    ? LBFGSOptions(0.1).max_iter(3)
                                    : LBFGSOptions(1).max_iter(3).line_search_fn("strong_wolfe"));
    for (int step = 0; step < 3; ++step) {
      if (random.once_in(4)) parameters[0].set_data(torch::randn(random_sizes(random), torch::kFloat64));
      const bool wrong = random.once_in(4);
      try {
        optimizer.step([&] {
          Tensor loss = torch::zeros({}, torch::kFloat64);
          for (Tensor& p : parameters) {
            loss = loss + p.pow(2).sum();
            p.mutable_grad() = wrong ? torch::randn(random_sizes(random), torch::kFloat64) : 2 * p;
          }
          return loss;
        });
        ++taken;
      } catch (const InputError&) {
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(taken, 0);
}

}  // namespace
}  // namespace basin::optim
