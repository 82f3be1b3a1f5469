#include "basin/app/search_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "basin/core/error.hpp"

namespace basin::app {
namespace {

using search::Kind;

study::Search search_of(SearchRequest asked, std::vector<std::string> optimizers = {"sgd", "adam"}) {
  asked.sampler = "random";
  Request request{.arms = {.optimizers = std::move(optimizers)}, .search = std::move(asked)};
  return make_search(request, request.arms);
}
std::string error_of(const std::string& space) {
  try {
    search_of({.spaces = {space}});
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

TEST(AppSearchPlan, SearchesTheRateAndTheDecayOfItsOwnAccord) {
  const study::Search search = search_of({}, {"adam", "adagrad", "rprop"});
  ASSERT_EQ(search.arms.size(), 3u);
  const auto& adam = search.arms[0].space.parameters;
  ASSERT_EQ(adam.size(), 2u);
  EXPECT_EQ(adam[0].name, "lr");
  EXPECT_EQ(adam[0].low, domain::rate.search_low);
  EXPECT_EQ(adam[0].high, domain::rate.search_high);
  EXPECT_EQ(adam[0].scale, Scale::log);
  EXPECT_EQ(adam[1].name, "adam.weight_decay");
  EXPECT_EQ(search.arms[2].space.parameters.size(), 1u) << "Rprop has no weight decay";
  EXPECT_EQ(study::base_of(search.arms[0]).knobs.at("weight_decay"), 0)
      << "its default, which is where it starts";
}

TEST(AppSearchPlan, ReadsRangesValuesAndWords) {
  const study::Search search =
      search_of({.spaces = {"adam.lr=1e-4..0.1", "batch_size=32,64", "sgd.weight_decay=1e-5..0.01",
                            "schedule=constant|warmup 10, cosine"}});
  const auto &sgd = search.arms[0].space.parameters, &adam = search.arms[1].space.parameters;
  ASSERT_EQ(sgd.size(), 3u);
  ASSERT_EQ(adam.size(), 3u);
  EXPECT_EQ(adam[0].low, 1e-4);
  EXPECT_EQ(adam[0].high, 0.1);
  EXPECT_EQ(adam[1].kind, Kind::category);
  EXPECT_EQ(adam[1].choices, (std::vector<std::string>{"32", "64"}));
  EXPECT_EQ(adam[2].choices, (std::vector<std::string>{"constant", "warmup 10, cosine"}));
  EXPECT_EQ(sgd[1].name, "sgd.weight_decay");
}

TEST(AppSearchPlan, RatesAreAThirdOfADecadeApartRoundTheRulesOwn) {
  const study::Search search = search_of({.rates = true, .trials = 5}, {"adam"});
  ASSERT_EQ(search.arms[0].space.parameters.size(), 1u);
  EXPECT_EQ(search.arms[0].space.parameters[0].choices,
            (std::vector<std::string>{"0.000215", "0.000464", "0.001", "0.00215", "0.00464"}));
  EXPECT_EQ(study::point_of(study::base_of(search.arms[0]), search.arms[0].space), search::Point{2});
}

TEST(AppSearchPlan, ChecksEveryEndAndChoice) {
  const auto trials = extremes(search_of({.spaces = {"lr=1e-4..0.1", "batch_size=32,64,128"}}, {"sgd"}));
  std::vector<double> rates;
  std::vector<std::int64_t> sizes;
  for (const study::Trial& t : trials)
    rates.push_back(t.config.knobs.at("lr")), sizes.push_back(t.config.batch_size);
  for (const double rate : {1e-4, 0.1}) EXPECT_EQ(std::ranges::count(rates, rate), 1) << rate;
  for (const std::int64_t size : {32, 128}) EXPECT_EQ(std::ranges::count(sizes, size), 1) << size;
}

TEST(AppSearchPlan, RefusesWithOneLine) {
  EXPECT_EQ(error_of("lr"),
            "--search: 'lr' is not NAME=RANGE; write it like lr=1e-5..1e-1 or batch_size=32,64,128");
  EXPECT_EQ(error_of("lr=0.1..0.01"),
            "--search lr=0.1..0.01: the range is empty; write the smaller end first");
  EXPECT_EQ(error_of("lr=0..0.1"),
            "--search lr=0..0.1: the scale of lr is logarithmic, so that both ends must be more than 0");
  EXPECT_EQ(error_of("lr=1..x"), "--search lr=1..x: 'x' is not a number");
  EXPECT_EQ(error_of("lamb.lr=0.1..1"),
            "--search lamb.lr=0.1..1: lamb is not among the optimizers, sgd and adam");
  EXPECT_NE(error_of("adam.beta3=0.1..0.9").find("did you mean 'beta1'"), std::string::npos)
      << error_of("adam.beta3=0.1..0.9");
  EXPECT_NE(error_of("adam.beta1=0.5..1").find("it must be in [0, 1)"), std::string::npos);
  EXPECT_EQ(error_of("batch_size=32,,64"), "--search batch_size=32,,64: a value is missing");
}

}  // namespace
}  // namespace basin::app
