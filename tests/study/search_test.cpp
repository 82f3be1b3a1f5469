#include "basin/study/search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "basin/core/error.hpp"
#include "basin/records/json.hpp"
#include "basin/study/ranking.hpp"
#include "basin/study/runner.hpp"
#include "basin/study/source.hpp"
#include "tests/paths.hpp"
#include "tests/study/sample_study.hpp"

namespace basin::study {
namespace {

using search::Kind;
using search::Parameter;

Configuration at_default(const std::string& optimizer) {
  return {.optimizer = optimizer, .knobs = {{"lr", 0.01}}};
}

SearchArm arm_of(const std::string& optimizer) {
  const Parameter rate{.name = "lr", .low = 1e-4, .high = 1, .scale = Scale::log};
  const Parameter batch{.name = "batch_size", .kind = Kind::category, .choices = {"32", "64", "128"}};
  return {.space = {{rate, batch}}, .variants = {{"base", at_default(optimizer)}}};
}

Study search_study(Search search) {
  if (search.arms.empty()) search.arms = {arm_of("sgd"), arm_of("adam")};
  Study out = study_of({});
  out.search = std::move(search);
  return out;
}

Search small(int trials = 6, int finalists = 2) {
  return {.sampler = "random", .trials = trials, .finalists = finalists, .arms = {}};
}

class StudySearch : public testing::Test {
 protected:
  std::unique_ptr<Store> store_of(const Study& study, const std::string& name = "study.db") const {
    auto store = open_sqlite(folder_ / name);
    store->create(study);
    return store;
  }
  Outcome run(Store& store, int jobs, std::stop_token stop = {}, Observer* observer = nullptr) {
    Observer nobody;
    Pool pool({.program = paths::fake_worker, .arguments = {}, .jobs = jobs, .logs = folder_ / "logs"});
    return run_study(store, pool, folder_ / "weights", observer ? *observer : nobody, stop);
  }
  // All that is stored about the trials.
  static std::string content(const Store& store) {
    Json all;
    for (const StoredTrial& t : store.trials())
      all.push_back({{"trial", t.trial}, {"result", t.result}, {"curve", t.curve}});
    return all.dump(1);
  }
  TemporaryFolder folder_;
};

TEST_F(StudySearch, APointChangesWhatIsSearchedAlone) {
  const SearchArm arm = arm_of("adam");
  Configuration base = at_default("adam");
  base.knobs["beta1"] = 0.5, base.init = "he_normal";
  const Configuration config = with_point(base, arm.space, {0.25, 2});
  EXPECT_EQ(config.knobs, (Numbers{{"lr", 0.25}, {"beta1", 0.5}}));
  EXPECT_EQ(config.batch_size, 128);
  EXPECT_EQ(config.init, "he_normal");
  EXPECT_EQ(point_of(config, arm.space), (search::Point{0.25, 2}));
}

TEST_F(StudySearch, AKnobIsNamedWithItsOptimizerAndAWordIsItself) {
  const search::Space space{{{.name = "adam.beta1", .low = 0.5, .high = 0.99},
                             {.name = "init", .kind = Kind::category, .choices = {"default", "he_normal"}}}};
  const Configuration config = with_point(at_default("adam"), space, {0.75, 1});
  EXPECT_EQ(config.knobs.at("beta1"), 0.75);
  EXPECT_EQ(config.init, "he_normal");
  EXPECT_EQ(point_of(config, space), (search::Point{0.75, 1}));
}

TEST_F(StudySearch, ADefaultOutsideTheRangeIsItsNearestEndForASampler) {
  const search::Space space{{{.name = "sgd.weight_decay", .low = 1e-6, .high = 0.1, .scale = Scale::log}}};
  Configuration config = at_default("sgd");
  config.knobs["weight_decay"] = 0;
  EXPECT_EQ(point_of(config, space), search::Point{1e-6});
}

TEST_F(StudySearch, GivesEveryArmItsDefaultFirstAndEquallyManyTrials) {
  const auto store = store_of(search_study(small()));
  run(*store, 1);
  const auto trials = store->trials();
  ASSERT_EQ(trials.size(), 2 * 6 + 2 * 2u);
  for (std::size_t i = 0; i < 12; ++i) {
    const Trial& trial = trials[i].trial;
    EXPECT_EQ(trial.config.optimizer, i % 2 == 0 ? "sgd" : "adam") << "the arms take turns";
    EXPECT_EQ(trial.factor, i < 2 ? factor_default : factor_search);
    EXPECT_EQ(trial.replicate, 0);
    if (i < 2) {
      EXPECT_EQ(trial.config, at_default(trial.config.optimizer));
    }
  }
}

TEST_F(StudySearch, ComparesWhatItSelectedWithFreshSeedsAlone) {
  const auto store = store_of(search_study(small()));
  run(*store, 2);
  const auto trials = store->trials();
  std::set<int> seeds;
  for (const RankingRow& row : rank(trials, by_accuracy, 0)) {
    const auto best = std::ranges::max_element(trials, {}, [&](const StoredTrial& t) {
      return searched(t.trial) && t.trial.config.optimizer == row.optimizer ? score(t, by_accuracy) : -9e9;
    });
    EXPECT_EQ(row.config, best->trial.config);
    ASSERT_EQ(row.trials.size(), 2u);
    for (const int number : row.trials) {
      const Trial& trial = trials[static_cast<std::size_t>(number)].trial;
      EXPECT_FALSE(searched(trial));
      EXPECT_GT(trial.replicate, 0) << "the search has seen replicate 0";
      seeds.insert(trial.replicate);
    }
    EXPECT_EQ(row.finished, 8) << "counts all";
  }
  EXPECT_EQ(seeds, (std::set{1, 2}));
  EXPECT_EQ(to_be_tested(trials, by_accuracy), (std::vector{12, 13, 14, 15}));
}

TEST_F(StudySearch, VariantsAreRunAtWhatWasSelected) {
  SearchArm arm = arm_of("sgd");
  Configuration he = at_default("sgd");
  he.init = "he_normal";
  arm.variants.push_back({"init", he});
  Search search = small(4, 1);
  search.arms = {arm};
  const auto store = store_of(search_study(search));
  run(*store, 2);
  const auto trials = store->trials();
  ASSERT_EQ(trials.size(), 6u);
  EXPECT_EQ(trials[4].trial.config.init, "default");
  EXPECT_EQ(trials[5].trial.config.init, "he_normal");
  EXPECT_EQ(trials[5].trial.factor, "init");
  EXPECT_EQ(trials[4].trial.config.knobs, trials[5].trial.config.knobs);
  EXPECT_EQ(trials[4].trial.config.batch_size, trials[5].trial.config.batch_size);
}

TEST_F(StudySearch, AnyNumberOfWorkersFindsTheSame) {
  for (const char* sampler : {"random", "tpe"}) {
    Search search = small(20);
    search.sampler = sampler;
    const auto one = store_of(search_study(search), std::string(sampler) + "1.db");
    const auto five = store_of(search_study(search), std::string(sampler) + "5.db");
    run(*one, 1);
    run(*five, 5);
    EXPECT_EQ(content(*one), content(*five)) << sampler;
  }
}

Search pruned(double audit) {
  Search out = small(25, 1);
  out.pruner = "median startup 2, warmup 0.4", out.audit = audit;
  return out;
}
std::vector<StoredTrial> with(const std::vector<StoredTrial>& trials, State state) {
  std::vector<StoredTrial> out;
  std::ranges::copy_if(trials, std::back_inserter(out),
                       [&](const StoredTrial& t) { return t.result.state == state; });
  return out;
}

TEST_F(StudySearch, APrunedTrialIsJudgedByTheCurveUpToItsEnd) {
  const auto store = store_of(search_study(pruned(0)));
  run(*store, 2);
  const auto ended = with(store->trials(), State::pruned);
  ASSERT_GT(ended.size(), 3u);
  for (const StoredTrial& t : ended) {
    ASSERT_EQ(t.curve.size(), 2u) << "epoch 1 of 3 is before the end of the warm-up, 3 is the last";
    EXPECT_EQ(t.result.best_epoch, 2);
    EXPECT_EQ(t.result.validation, t.curve.back().validation);
    EXPECT_EQ(t.result.reason, "median ended it after epoch 2 of 3");
    EXPECT_TRUE(searched(t.trial)) << "what is compared runs to its end";
  }
  EXPECT_EQ(rank(store->trials(), by_accuracy, 0).size(), 2u);
}

TEST_F(StudySearch, AnyNumberOfWorkersPrunesTheSame) {
  for (const double audit : {0.0, 0.4}) {
    const std::string name = std::to_string(audit);
    const auto one = store_of(search_study(pruned(audit)), name + "1.db");
    const auto four = store_of(search_study(pruned(audit)), name + "4.db");
    run(*one, 1);
    run(*four, 4);
    EXPECT_EQ(content(*one), content(*four));
  }
}

TEST_F(StudySearch, AnAuditFinishesAShareAndDecidesNothingElse) {
  const auto all = store_of(search_study(pruned(0)), "all.db"), some = store_of(search_study(pruned(0.4)));
  run(*all, 2);
  run(*some, 2);
  const auto ended = with(all->trials(), State::pruned), still = with(some->trials(), State::pruned);
  EXPECT_LT(still.size(), ended.size());
  EXPECT_GT(still.size(), 0u);
  for (const StoredTrial& t : still)  // random asks nothing of the results
    EXPECT_TRUE(std::ranges::count(ended, t.trial.number, [](const auto& e) { return e.trial.number; }))
        << "an audited curve counts as if it had been ended";
}

TEST_F(StudySearch, GoesOnWhereItWasStopped) {
  const auto whole = store_of(search_study(small(10)), "whole.db");
  run(*whole, 2);
  const auto store = store_of(search_study(small(10)));
  struct Stopper : Observer {
    std::stop_source stop;
    int left = 0;
    void on_epoch(int, const Epoch&) override {
      if (--left <= 0) stop.request_stop();
    }
  };
  int stops = 0;
  for (bool stopped = true; stopped; ++stops) {
    Stopper observer;
    observer.left = 2 + stops * 3 % 7;
    stopped = run(*store, 2, observer.stop.get_token(), &observer).stopped;
  }
  EXPECT_GT(stops, 3);
  EXPECT_EQ(content(*store), content(*whole));
}

TEST_F(StudySearch, AFiniteSpaceIsTriedOnce) {
  SearchArm arm = arm_of("sgd");
  arm.space.parameters.erase(arm.space.parameters.begin());  // leaves three batch sizes
  Search search = small(10, 0);
  search.arms = {arm};
  const auto store = store_of(search_study(search));
  run(*store, 2);
  std::multiset<std::int64_t> sizes;
  for (const StoredTrial& t : store->trials()) sizes.insert(t.trial.config.batch_size);
  EXPECT_EQ(sizes, (std::multiset<std::int64_t>{32, 64, 128}));
}

TEST_F(StudySearch, ChoosesByTheResultsThatItsLagAllowsAlone) {
  const Study study = search_study(small(20));
  const auto source = source_of(study);
  std::vector<StoredTrial> trials;
  const auto add = [&] {
    const auto more = source->next(trials);
    for (const Trial& trial : more) trials.push_back({.trial = trial, .result = {}, .curve = {}, .test = {}});
    return more.size();
  };
  EXPECT_EQ(add(), 8u) << "the lag";
  EXPECT_EQ(add(), 0u);
  trials[1].result = {.state = State::complete, .validation = {{"accuracy", 0.5}}};
  EXPECT_EQ(add(), 0u) << "trial 8 needs the result of trial 0";
  trials[0].result = {.state = State::failed};
  EXPECT_EQ(add(), 2u) << "8 and 9";
}

TEST_F(StudySearch, IsStoredWithItsStudy) {
  Search search = small();
  search.pruner = "none", search.objectives = {"seconds"};
  search.arms = {arm_of("sgd")};
  const Study study = search_study(search);
  store_of(study);
  EXPECT_EQ(read_sqlite(folder_ / "study.db")->study.search, study.search);
}

TEST_F(StudySearch, TrialsAreAddedInTheOrderOfTheirNumbers) {
  const auto store = store_of(search_study(small()));
  store->add({{.number = 0, .config = at_default("sgd"), .factor = factor_default}});
  EXPECT_THROW(store->add({{.number = 2, .config = at_default("sgd")}}), Error);
  store->add({{.number = 1, .config = at_default("adam"), .factor = factor_default}});
  EXPECT_EQ(store->trials().size(), 2u);
}

TEST_F(StudySearch, SaysHowLargeASpaceIs) {
  EXPECT_EQ(size_text(arm_of("sgd").space), "4.0 decades of lr, 3 values of batch_size");
  EXPECT_EQ(size_text(search::Space{
                {{.name = "adam.beta1", .low = 0.9, .high = 0.999, .scale = Scale::complement_log}}}),
            "2.0 decades of 1 - adam.beta1");
}

TEST_F(StudySearch, RefusesWhatMakesNoSense) {
  const auto with = [](auto change) {
    Search search = small();
    search.arms = {arm_of("sgd")};
    change(search);
    return search;
  };
  EXPECT_NO_THROW(check(with([](Search&) {})));
  EXPECT_THROW(check(with([](Search& s) { s.trials = 0; })), InputError);
  EXPECT_THROW(check(with([](Search& s) { s.lag = 0; })), InputError);
  EXPECT_THROW(check(with([](Search& s) { s.audit = 1.5; })), InputError);
  EXPECT_THROW(check(with([](Search& s) { s.arms.push_back(s.arms[0]); })), InputError);
  EXPECT_THROW(check(with([](Search& s) { s.arms[0].space.parameters.clear(); })), InputError);
}

}  // namespace
}  // namespace basin::study
