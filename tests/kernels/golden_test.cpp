// Trajectories recorded from other libraries, repeated here: PyTorch 1.13 (tests/golden/generate.py), and
// Optax and PyTorch 2 (tests/golden/elsewhere.py).
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "tests/kernels/bed.hpp"
#include "tests/paths.hpp"

namespace basin::kernels {
namespace {

constexpr std::size_t network_weights = 13;
using Weights = std::vector<double>;

// One line of a file of trajectories.
struct Record {
  std::string optimizer;  // "adam lr=0.01 eps=1e-06"
  Step step;
  Weights weights;
};

std::vector<std::vector<std::string>> read_csv(const std::string& name) {
  std::ifstream file(std::string(paths::golden) + "/" + name);
  if (!file) throw Error("cannot read " + name);
  std::vector<std::vector<std::string>> rows;
  for (std::string line, cell; std::getline(file, line);) {
    std::istringstream cells(line);
    rows.emplace_back();
    while (std::getline(cells, cell, ',')) rows.back().push_back(cell);
  }
  return rows;
}

std::vector<Record> read_paths(const std::string& name) {
  std::vector<Record> out;
  for (const auto& row : read_csv(name)) {
    Record& record = out.emplace_back(Record{row.at(0), std::stoll(row.at(1)), {}});
    for (std::size_t i = 2; i < row.size(); ++i) record.weights.push_back(std::stod(row[i]));
  }
  return out;
}

Chain chain_of(const std::string& optimizer) {
  std::istringstream words(optimizer);
  std::string word;
  words >> word;
  Chain chain = Chain::parse(word);
  while (words >> word) {
    const std::size_t equals = word.find('=');
    chain.rule.set(word.substr(0, equals), std::stod(word.substr(equals + 1)));
  }
  return chain;
}

// Arbitrary-looking numbers in [-1, 1) with 8 binary digits.
template <class T>
std::vector<T> fractions(std::size_t count, std::size_t multiplier) {
  std::vector<T> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(static_cast<T>((multiplier * (i + 1) * (i + 1) + 37 * i) % 256) / 128 - 1);
  return out;
}

// The gradient of the mean square error of a 2-3-1 network with softsign, over four of sixteen examples in
// turn.
std::array<double, network_weights> network_gradient(const double* w, Step step) {
  static const std::vector<double> inputs = fractions<double>(32, 89), targets = fractions<double>(16, 53);
  std::array<double, network_weights> gradient{};
  const auto first = static_cast<std::size_t>(step % 4 * 4);
  for (std::size_t row = first; row < first + 4; ++row) {
    const double* const in = &inputs[2 * row];
    std::array<double, 3> hidden, softsign;
    double output = w[12];
    for (std::size_t j = 0; j < 3; ++j) {
      hidden[j] = in[0] * w[2 * j] + in[1] * w[2 * j + 1] + w[6 + j];
      softsign[j] = hidden[j] / (1 + std::abs(hidden[j]));
      output += softsign[j] * w[9 + j];
    }
    const double error = 2 * (output - targets[row]) / 4;
    for (std::size_t j = 0; j < 3; ++j) {
      const double slope = 1 / (1 + std::abs(hidden[j])), back = error * w[9 + j] * slope * slope;
      gradient[2 * j] += back * in[0];
      gradient[2 * j + 1] += back * in[1];
      gradient[6 + j] += back;
      gradient[9 + j] += error * softsign[j];
    }
    gradient[12] += error;
  }
  return gradient;
}

class Golden : public ::testing::TestWithParam<std::string> {
 protected:
  // Returns the largest difference from the records of this optimizer in a file; `gradient(weights, step from
  // 0, out)`.
  template <class T, class Gradient>
  double largest_distance(const std::string& file, const Gradient& gradient) const {
    const std::vector<Record> records = read_paths(file);
    const std::size_t count = records.front().weights.size();
    Bed<T> bed(chain_of(GetParam()), {count});
    bed.start(0, fractions<T>(count, 71));
    Step t = 0;
    double worst = 0;
    for (const Record& record : records) {
      if (record.optimizer != GetParam()) continue;
      for (; t < record.step; bed.step(++t)) gradient(bed.weights(0), t, bed.gradients(0));
      for (std::size_t i = 0; i < count; ++i)
        worst = std::max(worst, apart(static_cast<double>(bed.weights(0)[i]), record.weights[i]) /
                                    std::max(1.0, std::abs(record.weights[i])));
    }
    EXPECT_EQ(t, 1000);
    return worst;
  }
};

// A step rounds a weight by about 1e-16, which the rest of a trajectory amplifies by at most 100 (the
// generator ensures this). The roundings of 1,000 steps have random signs: 1e-16 times 100 times the root of
// 1,000 is 3e-13, and 1e-12 is three times that. Measured: 1.3e-13.
TEST_P(Golden, ClosedLoopInDouble) {
  const bool uphill = GetParam().starts_with("maximize");
  EXPECT_LT(largest_distance<double>("closed_loop.csv",
                                     [&](const double* w, Step step, double* g) {
                                       for (const double value : network_gradient(w, step))
                                         *g++ = uphill ? -value : value;
                                     }),
            1e-12);
}

// With gradients from a file, nothing feeds back. PyTorch and basin each round a weight once per step, by
// half a unit in the last place: at most 1,000 units apart after 1,000 steps, 1.2e-4. The roundings of the
// state are scaled by the rate, and negligible. Measured: 1.9e-5, for ASGD, where PyTorch rounds its decay
// factor, 1 - 1e-6, to a float.
TEST_P(Golden, OpenLoopInFloat) {
  static const auto gradients = read_csv("gradients.csv");
  EXPECT_LT(largest_distance<float>("open_loop.csv",
                                    [&](const float*, Step step, float* g) {
                                      for (const std::string& value :
                                           gradients.at(static_cast<std::size_t>(step % 100)))
                                        *g++ = std::stof(value);
                                    }),
            1000 * static_cast<double>(std::numeric_limits<float>::epsilon()));
}

// Each weight has one extraordinary gradient, half of them in step 1, half in step 5
// (tests/golden/generate.py). A weight that is a number in PyTorch is the same number here, up to the bound
// above, and NaN where PyTorch has NaN.
TEST_P(Golden, OutOfRangeInFloat) {
  constexpr float infinite = std::numeric_limits<float>::infinity();
  static const std::array extremes{infinite, -infinite, 1e19f,
                                   1e20f,    1e21f,     1e38f,
                                   -1e38f,   1e-40f,    std::numeric_limits<float>::quiet_NaN()};
  constexpr std::size_t count = 2 * extremes.size();
  Bed<float> bed(chain_of(GetParam()), {count});
  bed.start(0, fractions<float>(count, 71));
  // The sign of NaN is 0 in PyTorch, and Rprop ignores it; here the weight shows it.
  const bool loses_more = GetParam().find("rprop") != std::string::npos;
  // Only PyTorch's SparseAdam adds (1-b2) (g^2 - v) to v, which is NaN from the next step on.
  const bool loses_less = GetParam().starts_with("sparse_adam");
  bool lost = false, kept = false;
  Step t = 0;
  for (const Record& record : read_paths("out_of_range.csv")) {
    if (record.optimizer != GetParam()) continue;
    while (t < record.step) {
      ++t;
      std::ranges::copy(fractions<float>(count, 89 + 2 * static_cast<std::size_t>(t)), bed.gradients(0));
      if (t == 1 || t == 5) std::ranges::copy(extremes, bed.gradients(0) + (t == 1 ? 0 : extremes.size()));
      bed.step(t);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const double ours = static_cast<double>(bed.weights(0)[i]), theirs = record.weights[i];
      const std::string where = "weight " + std::to_string(i) + ", step " + std::to_string(t);
      if (std::isfinite(ours) && std::isfinite(theirs)) {
        EXPECT_LT(apart(ours, theirs) / std::max(1.0, std::abs(theirs)),
                  1000 * static_cast<double>(std::numeric_limits<float>::epsilon()))
            << where;
      } else if (std::isfinite(theirs)) {
        lost = true;
        EXPECT_TRUE(loses_more && std::isnan(extremes[i % extremes.size()])) << where;
      } else if (std::isfinite(ours)) {
        kept = true;
        EXPECT_TRUE(loses_less) << where;
      }
    }
  }
  EXPECT_EQ(t, 40);
  EXPECT_EQ(lost, loses_more) << "an exception that is none any more";
  EXPECT_EQ(kept, loses_less) << "an exception that is none any more";
}

// Like PyTorch's closed loop, with a fourteenth weight that is pulled to zero: a matrix of 7 rows (bed.hpp).
class Elsewhere : public Golden {};
TEST_P(Elsewhere, ClosedLoopInDouble) {
  EXPECT_LT(largest_distance<double>("elsewhere.csv",
                                     [](const double* w, Step step, double* g) {
                                       for (const double value : network_gradient(w, step)) *g++ = value;
                                       *g = w[network_weights];
                                     }),
            1e-12);
}

std::vector<std::string> optimizers(const std::string& file) {
  std::vector<std::string> names;
  for (const Record& record : read_paths(file))
    if (names.empty() || names.back() != record.optimizer) names.push_back(record.optimizer);
  return names;
}

std::string test_name(const ::testing::TestParamInfo<std::string>& optimizer) {
  std::string name = optimizer.param;
  std::ranges::replace_if(name, [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(PyTorch, Golden, ::testing::ValuesIn(optimizers("closed_loop.csv")), test_name);
INSTANTIATE_TEST_SUITE_P(Optax, Elsewhere, ::testing::ValuesIn(optimizers("elsewhere.csv")), test_name);

}  // namespace
}  // namespace basin::kernels
