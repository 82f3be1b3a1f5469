// Logistic regression on documents whose words follow Zipf's law: rare words carry as much as frequent ones.
//
// Source   data/made/sparse_words.hpp
// Known    with the weights that made the classes, an accuracy of about 0.9
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem sparse_words_logistic() {
  Problem p{
      .name = "sparse-words",
      .summary = "Documents of words that follow Zipf's law (made: no file is needed): logistic regression",
      .layers = "sparse-linear outputs",
      .metric = "log_loss",
      .metrics = {"accuracy", "auc"},
      .epochs = 10,
      .images_per_second = 100'000};
  p.source = data::Source{.kind = "made", .file = "sparse-words", .count = 20000};
  return p;
}

}  // namespace basin
