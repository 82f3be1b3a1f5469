#include "basin/study/trial.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "basin/core/error.hpp"
#include "basin/records/json.hpp"

namespace basin::study {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::string error_of(const char* text, auto read) {
  try {
    read(Json::parse(text));
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

const Trial sample{.number = 3,
                   .config = {.optimizer = "adam",
                              .knobs = {{"lr", 0.001}, {"beta2", 0.99}},
                              .batch_size = 32,
                              .init = "he_normal"},
                   .replicate = 2,
                   .factor = "adam.beta2"};

TEST(TrialJson, TrialsAndSettingsComeBackAsTheyWere) {
  EXPECT_EQ(Json::parse(Json(sample).dump()).get<Trial>(), sample);
  const Settings settings{.problem = "p",
                          .seed = ~std::uint64_t{0},
                          .epochs = 5,
                          .train_size = 100,
                          .patience = Patience{2},
                          .plateau = Plateau{0.5, 3},
                          .threads = 4,
                          .checksums = {{"training labels", "89abcdef"}}};
  EXPECT_EQ(Json::parse(Json(settings).dump()).get<Settings>(), settings);
  const Settings plain{.problem = "p"};
  EXPECT_EQ(Json::parse(Json(plain).dump()).get<Settings>(), plain);
}

TEST(TrialJson, DoublesKeepTheirBits) {
  const Epoch epoch{.epoch = 1,
                    .seconds = 0.1,
                    .lr = 1e-3,
                    .train = {{"loss", 1.0 / 3}},
                    .validation = {{"accuracy", 0x1.fffffffffffffp-2}}};
  const auto back = Json::parse(Json(epoch).dump()).get<Epoch>();
  EXPECT_EQ(value_of(back.train, "loss"), value_of(epoch.train, "loss"));
  EXPECT_EQ(value_of(back.validation, "accuracy"), value_of(epoch.validation, "accuracy"));
}

TEST(TrialJson, WhatIsNotFiniteIsNullAndComesBackAsNotKnown) {
  const Json json = Epoch{.epoch = 1, .train = {{"loss", infinity}}};
  EXPECT_TRUE(json["train_loss"].is_null());
  EXPECT_FALSE(json.contains("validation_loss")) << "a metric that nobody gathered";
  EXPECT_TRUE(std::isnan(value_of(json.get<Epoch>().train, "loss")));
}

TEST(TrialJson, EveryStateHasItsName) {
  for (const State state :
       {State::waiting, State::running, State::complete, State::diverged, State::failed}) {
    EXPECT_EQ(Json(Result{.state = state}).get<Result>().state, state);
    EXPECT_EQ(Json(Result{.state = state})["state"], name_of(state));
  }
}

TEST(TrialJson, ResultsComeBackWithTheirPhases) {
  const Result result{.state = State::failed,
                      .reason = "why",
                      .best_epoch = 2,
                      .validation = {{"loss", 0.5}},
                      .seconds = 1.5,
                      .steps = 10,
                      .state_bytes = 1LL << 40,
                      .optimizer_ms = 0.1,
                      .phases = {.data = 1, .forward = 2, .backward = 3, .optimizer = 4, .evaluation = 5}};
  EXPECT_EQ(Json(Json(result).get<Result>()), Json(result));
  const TestResult test{{"loss", 0.5}, {"accuracy", 0.9}};
  EXPECT_EQ(Json(test).get<TestResult>(), test);
}

TEST(TrialJson, UnknownKeysAreIgnored) {
  Json json = sample;
  json["colour"] = "blue";
  json["config"]["wings"] = 2;
  EXPECT_EQ(json.get<Trial>(), sample);
}

TEST(TrialJson, AWrongObjectIsRefusedWithItsKey) {
  const auto trial = [](const Json& j) { j.get<Trial>(); };
  const auto result = [](const Json& j) { j.get<Result>(); };
  const auto settings = [](const Json& j) { j.get<Settings>(); };
  EXPECT_EQ(error_of("[]", trial), "trial: wanted an object, found array");
  EXPECT_EQ(error_of("{}", trial), "trial: 'number' is missing");
  EXPECT_EQ(error_of(R"({"number": "3"})", trial), "trial: 'number' must be a whole number, it is \"3\"");
  EXPECT_EQ(error_of(R"({"number": 1e10})", trial),
            "trial: 'number' must be a whole number, it is 10000000000.0");
  EXPECT_EQ(error_of(R"({"number": 9999999999})", trial),
            "trial: 'number' must be a whole number, it is 9999999999");
  EXPECT_EQ(error_of(R"({"number": 1, "config": {}})", trial), "configuration: 'optimizer' is missing");
  EXPECT_EQ(
      error_of(R"({"state": "asleep"})", result),
      "result: 'state' must be waiting, running, complete, diverged, failed or pruned, it is \"asleep\"");
  EXPECT_EQ(error_of(R"({"problem": "p", "seed": -1})", settings),
            "settings: 'seed' must be a whole number of 0 or more, it is -1");
}

}  // namespace
}  // namespace basin::study
