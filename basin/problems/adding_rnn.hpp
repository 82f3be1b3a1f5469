// The adding problem over 100 steps, with a plain recurrent network, whose gradient vanishes over 100 steps.
//
// Source   data/made/adding.hpp
// Known    saying the mean has a squared error of 1/6 = 0.167
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem adding_rnn() {
  Problem p{.name = "adding-rnn",
            .summary =
                "The sum of two marked numbers among 100: a plain recurrent network, whose gradient vanishes "
                "over 100 steps",
            .layers = "rnn 64, last, linear outputs",
            .loss = "mse",
            .metric = "mse",
            .target = 0.01,
            .epochs = 10,
            .batch_size = 32,
            .images_per_second = 2500};
  p.source =
      data::Source{.kind = "made", .file = "adding", .targets = "values", .window = 100, .count = 20000};
  return p;
}

}  // namespace basin
