// Logistic regression on sparse rows, the textbook's case for Adagrad.
//
// Data     a9a of LIBSVM: 32,561 and 16,281 rows, 123 binary columns, 14 of them in a row
// Known    LIBLINEAR: an accuracy of 0.849 on the test, a log loss of 0.325
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem a9a_logistic() {
  Problem p{.name = "a9a-logistic",
            .summary = "Logistic regression on 123 sparse columns (a9a of LIBSVM, 48,842 rows)",
            .data = "a9a",
            .layers = "sparse-linear outputs",
            .metric = "log_loss",
            .metrics = {"accuracy", "auc"},
            .target = 0.327,
            .epochs = 10,
            .images_per_second = 200'000};
  p.source = data::Source{.kind = "sparse", .file = "a9a", .test_file = "a9a.t"};
  return p;
}

}  // namespace basin
