// The number of sunspots next month from the four years before: a series.
//
// Data     2,820 months from 1749 to 1983 (Andrews & Herzberg, 1985), in the order of time
// Known    saying this month's number again has an RMSE of about 21 on the last tenth
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem sunspots_lstm() {
  Problem p{.name = "sunspots-lstm",
            .summary = "Sunspots next month from the 48 months before (2,820 months): an LSTM",
            .data = "univariate-series",
            .layers = "lstm 32, last, linear outputs",
            .loss = "mse",
            .metric = "rmse",
            .metrics = {"mae", "r2"},
            .epochs = 30,
            .batch_size = 32,
            .images_per_second = 4000};
  p.source = data::Source{.kind = "series",
                          .file = "monthly-sunspots.csv",
                          .targets = "values",
                          .window = 48,
                          .test = 0.1,
                          .validation = 0.1};
  return p;
}

}  // namespace basin
