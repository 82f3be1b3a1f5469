// House values in California from nine columns: dense regression with a squared error.
//
// Data     20,640 districts of the 1990 census (Pace & Barry, 1997), in the edition of Geron's "Hands-On
//          Machine Learning": 207 missing values and one column of categories added
// Known    a random forest, tuned, has an RMSE of about 49,000 dollars there, a linear model 68,000
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem housing_mlp() {
  Problem p{
      .name = "housing-mlp",
      .summary = "House values in California (20,640 districts, 9 columns): a perceptron, squared error",
      .data = "california-housing",
      .layers = "mlp 128 128",
      .loss = "mse",
      .metric = "rmse",
      .metrics = {"mae", "r2"},
      .unit = "dollars",
      .target = 55000,
      .epochs = 60,
      .images_per_second = 120'000};
  p.source = data::Source{
      .kind = "table", .file = "housing.csv", .predict = {"median_house_value"}, .targets = "values"};
  return p;
}

}  // namespace basin
