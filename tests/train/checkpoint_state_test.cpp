// A training state with any single value changed: refused with InputError, or read. Its reader must survive
// whatever a disk or a person has done to it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "basin/optim/optimizer.hpp"
#include "basin/rules/nadam.hpp"
#include "basin/train/checkpoint.hpp"

namespace basin::train {
namespace {

using Json = nlohmann::json;

// An example of everything that a state holds.
struct Training {
  torch::Tensor x = torch::rand({3, 2}).requires_grad_();
  optim::Of<rules::NAdam> optimizer{{x}};
  optim::Names names;
  optim::WeightAverage average{{x}, {.decay = 0.9}};
  optim::Scheduler schedules{optimizer, {{"lr", Schedule::parse("cosine")}}, {.total = 8, .per_epoch = 4}};
  EarlyStopping stopping{EarlyStopping::Settings{.patience = 2}};
  Plateau plateau{ReduceLROnPlateau({.factor = 0.5, .patience = 1})};
  Training() {
    names.insert("x", x);
    x.mutable_grad() = torch::ones_like(x);
    optimizer.step();
    average.update();
    schedules.step();
    stopping.stop_after(0.5);
    next_rate(plateau, 0.1, 0.5);
  }
  EncodedCheckpoint encoded() {
    Checkpoint out{.run = {{"lr", "0.1"}}, .machine = "this", .average = average.state()};
    out.fit.rows = {{.epoch = 1,
                     .seconds = 0.1,
                     .lr = 0.1,
                     .train = {{"loss", 1}, {"accuracy", 0.5}},
                     .validation = {{"loss", 2}, {"accuracy", std::nan("")}}}};
    out.fit.best_epoch = 1;
    out.stopping = stopping.state();
    out.plateau = state_of(plateau);
    out.schedule = schedules.state();
    out.optimizer = named_state(optimizer, names);
    return encode(out);
  }
};

class ChangedState : public testing::Test {
 protected:
  void SetUp() override {
    bytes_ = run_.encoded();
    state_ = Json::parse(bytes_.state);
  }
  // Reads it, and gives it to a run like the one it came from.
  void take(const Json& state) {
    const std::span tensors(reinterpret_cast<const std::uint8_t*>(bytes_.tensors.data()),
                            bytes_.tensors.size());
    try {
      const Checkpoint read = decode(state.dump(), tensors);
      Training other;
      restore(other.optimizer, read.optimizer, other.names);
      if (read.average) other.average.resume(*read.average);
      other.schedules.resume(read.schedule);
      if (read.stopping) other.stopping.resume(*read.stopping);
      if (read.plateau) resume(other.plateau, *read.plateau);
      ++taken_;
    } catch (const InputError&) {
      ++refused_;
    }
  }

  Training run_;
  EncodedCheckpoint bytes_;
  Json state_;
  int taken_ = 0, refused_ = 0;
};

// A name with a slash would end a pointer, so JSON's own escaping is used.
std::vector<Json::json_pointer> places(const Json& json) {
  std::vector<Json::json_pointer> out;
  const std::function<void(const Json&, const Json::json_pointer&)> visit =
      [&](const Json& at, const Json::json_pointer& where) {
        if (!where.empty()) out.push_back(where);
        if (!at.is_structured()) return;
        for (const auto& [key, value] : at.items())
          visit(value, at.is_array() ? where / std::stoul(key) : where / key);
      };
  visit(json, Json::json_pointer());
  return out;
}

TEST_F(ChangedState, IsRefusedOrRead) {
  const std::vector<Json> others{nullptr,
                                 true,
                                 -1,
                                 0,
                                 1e300,
                                 "x",
                                 "nan",
                                 Json::array(),
                                 Json::object(),
                                 std::numeric_limits<std::uint64_t>::max(),
                                 {{"x", {1}}},
                                 Json::array({1, {2}})};
  for (const auto& place : places(state_))
    for (const Json& other : others) {
      SCOPED_TRACE(place.to_string() + " is " + other.dump());
      Json changed = state_;
      changed[place] = other;
      EXPECT_NO_THROW(take(changed));
    }
  EXPECT_GT(refused_, 100);
  EXPECT_GT(taken_, 100) << "a time, a loss and a count may be others";
}

TEST_F(ChangedState, IsRefusedOrReadWithoutAnyOneThing) {
  for (const auto& place : places(state_)) {
    SCOPED_TRACE(place.to_string());
    Json changed = state_;
    if (Json& parent = changed[place.parent_pointer()]; parent.is_array())
      parent.erase(std::stoul(place.back()));
    else
      parent.erase(place.back());
    EXPECT_NO_THROW(take(changed));
  }
  EXPECT_GT(refused_, 20);
}

TEST_F(ChangedState, IsReadAsItIs) {
  take(state_);
  EXPECT_EQ(taken_, 1);
}

}  // namespace
}  // namespace basin::train
