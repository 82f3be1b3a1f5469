// Income above 50,000 dollars from fourteen columns, eight of them categories.
//
// Data     32,561 and 16,281 people of the 1994 census (Kohavi & Becker); a question mark is a missing value
// Known    gradient-boosted trees reach an AUC of about 0.927, a linear model 0.906
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem adult_mlp() {
  Problem p{.name = "adult-mlp",
            .summary = "Income above 50,000 dollars (48,842 people, 14 columns): a perceptron, ranked by AUC",
            .data = "adult",
            .layers = "mlp 64 32",
            .metric = "auc",
            .metrics = {"accuracy", "f1", "log_loss"},
            .target = 0.91,
            .epochs = 10,
            .images_per_second = 150'000};
  p.source = data::Source{
      .kind = "table", .file = "adult-train.csv", .test_file = "adult-test.csv", .predict = {"c15"}};
  return p;
}

}  // namespace basin
