// curves.csv: the columns that docs/formats.md promises, quoting, and empty fields for unknown values.
#include "basin/report/csv.hpp"

#include <gtest/gtest.h>

namespace basin::report {
namespace {

const std::string header =
    "trial,optimizer,factor,replicate,lr0,batch_size,init,schedule,regularize,augment,normalize,groups,knobs,"
    "state,epoch,lr,"
    "train_loss,train_accuracy,validation_loss,validation_accuracy,seconds\n";

study::StoredTrial trial() {
  study::StoredTrial out;
  out.trial = {.number = 3,
               .config = {"adam", {{"beta1", 0.95}, {"beta2", 0.99}, {"lr", 1e-3}}, 32, "he_normal"},
               .replicate = 2,
               .factor = "adam.beta2"};
  out.result.state = study::State::complete;
  out.curve = {{.epoch = 1,
                .seconds = 2.5,
                .lr = 0.001,
                .train = {{"loss", 0.5}, {"accuracy", 0.75}},
                .validation = {{"loss", 0.25}, {"accuracy", 0.875}}}};
  return out;
}

TEST(CurvesCsv, ARowPerEpoch) {
  EXPECT_EQ(curves_csv({trial()}, {"loss", "accuracy"}),
            header +
                "3,adam,adam.beta2,2,0.001,32,he_normal,constant,none,none,on,none,"
                "beta1=0.95;beta2=0.99,complete,1,"
                "0.001,0.5,0.75,0.25,0.875,2.5\n");
  EXPECT_EQ(curves_csv({}, {"loss", "accuracy"}), header);
}

TEST(CurvesCsv, WhatIsNotKnownIsEmpty) {
  auto diverged = trial();
  diverged.trial.config.knobs.clear();
  diverged.result.state = study::State::diverged;
  diverged.curve[0].train["loss"] = std::numeric_limits<double>::infinity();
  diverged.curve[0].validation["loss"] = diverged.curve[0].validation["accuracy"] = study::not_known;
  EXPECT_EQ(
      curves_csv({diverged}, {"loss", "accuracy"}),
      header +
          "3,adam,adam.beta2,2,,32,he_normal,constant,none,none,on,none,,diverged,1,0.001,,0.75,,,2.5\n");
}

TEST(CurvesCsv, QuotesWhatWouldBreakARow) {
  auto odd = trial();
  odd.trial.config.init = "a,\"b\"\nc";
  EXPECT_NE(curves_csv({odd}, {"loss", "accuracy"}).find(",\"a,\"\"b\"\"\nc\","), std::string::npos);
}

}  // namespace
}  // namespace basin::report
