// Adafactor compared with the numbers that Keras publishes: keras/src/optimizers/adafactor_test.py, to four
// digits.
#include <gtest/gtest.h>

#include "basin/rules/rules.hpp"
#include "tests/kernels/bed.hpp"

namespace basin::kernels {
namespace {

using rules::Adafactor;
using Numbers = std::vector<double>;

constexpr double four_digits = 0.51e-4;

// One tensor with so many rows, 0 for a vector, and its Adafactor state.
struct Tensor {
  explicit Tensor(Numbers start, std::size_t r = 0)
      : x(std::move(start)), of_rows(x.size()), of_columns(x.size()), rows(r) {}

  void step(const Adafactor& rule, Numbers gradient) {
    Leaf<double> leaf{
        {x.data(), gradient.data(), {of_rows.data(), of_columns.data()}, x.size()}, ++steps, rows};
    Driver<double>().step(AnyRule(rule), std::span(&leaf, 1), {});
  }
  void expect(const Numbers& wanted) const {
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(x[i], wanted[i], four_digits) << i;
  }

  Numbers x, of_rows, of_columns;
  std::size_t rows;
  Step steps = 0;
};

TEST(AdafactorOfKeras, OneStep) {
  const Adafactor keras{.lr = 0.5, .eps1 = 1e-30};
  Tensor vector({1, 2, 3, 4}), matrix({1, 2, 3, 4}, 2);
  vector.step(keras, {1, 6, 7, 2});
  vector.expect({-0.3693, 0.6307, 1.6307, 2.6307});
  matrix.step(keras, {1, 6, 7, 2});
  matrix.expect({0.7007, -0.0081, 1.2492, 3.4407});
}

// The first four of five steps: in the fifth, the rate that Keras uses as it is would be 1/sqrt(t) here.
TEST(AdafactorOfKeras, FourStepsWithItsKnobs) {
  const Adafactor keras{.lr = 0.5, .beta2_decay = -0.65, .eps1 = 1e-15, .eps2 = 1e-4, .d = 0.9};
  Tensor tensor(Numbers(10, 1));
  Numbers gradient(10, 0.01);
  tensor.step(keras, gradient);
  tensor.expect(Numbers(10, 0.55));
  for (std::size_t i = 0; i < 10; ++i) gradient[i] = static_cast<double>(i + 1) / 10;
  for (const Numbers& wanted :
       {Numbers{0.3031, 0.3026, 0.3025, 0.3024, 0.3024, 0.3024, 0.3024, 0.3024, 0.3024, 0.3024},
        Numbers{0.1671, 0.1665, 0.1663, 0.1663, 0.1663, 0.1663, 0.1663, 0.1663, 0.1663, 0.1663},
        Numbers{0.0923, 0.0916, 0.0915, 0.0914, 0.0914, 0.0914, 0.0914, 0.0914, 0.0914, 0.0914}}) {
    tensor.step(keras, gradient);
    tensor.expect(wanted);
  }
}

}  // namespace
}  // namespace basin::kernels
