// The Gaussian process, its fit, and the minimum in a box.
#include "basin/search/gaussian_process.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "basin/search/acquisition.hpp"
#include "basin/search/box_minimum.hpp"
#include "basin/search/normal.hpp"
#include "basin/search/samplers/gp.hpp"
#include "basin/search/unit.hpp"
#include "tests/search/spaces.hpp"

namespace basin::search {
namespace {

TEST(BoxMinimum, IsFoundInsideAndOnTheBorder) {
  const Smooth rosenbrock = [](const Eigen::VectorXd& x, Eigen::VectorXd& g) {
    const double a = x[1] - x[0] * x[0], b = 1 - x[0];
    g << -400 * a * x[0] - 2 * b, 200 * a;
    return 100 * a * a + b * b;
  };
  const Eigen::Vector2d start(-1.2, 1);
  const Box wide{Eigen::Vector2d(-5, -5), Eigen::Vector2d(5, 5)};
  const Minimum inside = minimum_in_box(rosenbrock, start, wide, 1e-6, 200);
  EXPECT_NEAR((inside.x - Eigen::Vector2d(1, 1)).norm(), 0, 1e-5);
  const Box narrow{Eigen::Vector2d(-5, -5), Eigen::Vector2d(0.5, 5)};
  const Minimum border = minimum_in_box(rosenbrock, start, narrow, 1e-6, 200);
  EXPECT_NEAR((border.x - Eigen::Vector2d(0.5, 0.25)).norm(), 0, 1e-5) << border.x.transpose();
  EXPECT_NEAR(border.value, 0.25, 1e-9);
}

Inputs some_inputs(Eigen::Index rows) {
  Inputs out{Eigen::MatrixXd(rows, 3), {false, false, true}};
  Stream random(1, 0, "inputs");
  for (Eigen::Index i = 0; i < rows; ++i)
    out.x.row(i) << random.uniform(), random.uniform(), static_cast<double>(random.below(3));
  return out;
}

Eigen::VectorXd some_values(const Inputs& inputs) {
  return (6 * inputs.x.col(0).array()).sin() + inputs.x.col(1).array().square() +
         0.3 * (inputs.x.col(2).array() == 1).cast<double>();
}

TEST(GaussianProcess, FollowsItsFormulaForTwoPoints) {
  Inputs inputs{Eigen::MatrixXd(2, 1), {false}};
  inputs.x << 0.2, 0.6;
  const Hyperparameters h{Eigen::VectorXd::Constant(1, 4), 2, 0.1};
  const auto k = [](double distance) {
    const double r = 2 * std::abs(distance);
    return 2 * (1 + std::sqrt(5) * r + 5. / 3 * r * r) * std::exp(-std::sqrt(5) * r);
  };
  const double k01 = k(0.4), a = k(0.3), b = k(0.1), diagonal = 2.1;
  const double determinant = diagonal * diagonal - k01 * k01;
  const Eigen::Vector2d y(1, -1);
  const double mean = (a * (diagonal * y[0] - k01 * y[1]) + b * (diagonal * y[1] - k01 * y[0])) / determinant;
  const double variance = 2 - (diagonal * (a * a + b * b) - 2 * k01 * a * b) / determinant;
  const auto belief = GaussianProcess(inputs, y, h).at(Eigen::MatrixXd::Constant(1, 1, 0.5));
  EXPECT_NEAR(belief.mean[0], mean, 1e-12);
  EXPECT_NEAR(belief.variance[0], variance, 1e-12);
}

TEST(GaussianProcess, SlopesAreDerivatives) {
  const Inputs inputs = some_inputs(30);
  const Eigen::VectorXd values = some_values(inputs);
  const GaussianProcess process(inputs, values, {Eigen::Vector3d(3, 0.7, 0.4), 1.5, 1e-3});
  const Eigen::Vector3d x(0.41, 0.73, 2);
  const auto slope = process.slope_at(x);
  for (Eigen::Index i = 0; i < 2; ++i) {
    Eigen::MatrixXd sides = x.transpose().replicate(2, 1);
    sides(0, i) -= 1e-5;
    sides(1, i) += 1e-5;
    const auto belief = process.at(sides);
    EXPECT_NEAR(slope.of_mean[i], (belief.mean[1] - belief.mean[0]) / 2e-5, 1e-6);
    EXPECT_NEAR(slope.of_variance[i], (belief.variance[1] - belief.variance[0]) / 2e-5, 1e-6);
  }
  EXPECT_EQ(slope.of_mean[2], 0);
}

TEST(GaussianProcess, EvidenceHasItsGradient) {
  const Inputs inputs = some_inputs(25);
  const Eigen::VectorXd values = some_values(inputs);
  for (const bool fixed : {false, true}) {
    Evidence evidence(inputs, values, fixed ? std::optional(1e-3) : std::nullopt);
    Eigen::VectorXd at = evidence.logs({Eigen::Vector3d(3, 0.7, 0.4), 1.5, 0.02});
    Eigen::VectorXd gradient(at.size()), unused(at.size());
    evidence(at, gradient);
    for (Eigen::Index i = 0; i < at.size(); ++i) {
      Eigen::VectorXd up = at, down = at;
      up[i] += 1e-5;
      down[i] -= 1e-5;
      EXPECT_NEAR(gradient[i], (evidence(up, unused) - evidence(down, unused)) / 2e-5, 1e-5) << i;
    }
  }
}

TEST(GaussianProcess, FitFindsWhatMatters) {
  Inputs inputs = some_inputs(100);  // more than the first, coarse fit takes
  const Eigen::VectorXd values = (9 * inputs.x.col(0).array()).sin();
  const Hyperparameters h = fit(inputs, values, std::nullopt);
  EXPECT_GT(h.inverse_squared_lengths[0], 20 * h.inverse_squared_lengths[1]);
  EXPECT_GT(h.inverse_squared_lengths[0], 20 * h.inverse_squared_lengths[2]);
  EXPECT_LT(h.noise, 0.01);
  EXPECT_GE(h.noise, 1e-6);
  const GaussianProcess process(inputs, values, h);
  Eigen::MatrixXd asked(1, 3);
  asked << 0.4, 0.5, 0;
  EXPECT_NEAR(process.at(asked).mean[0], std::sin(3.6), 0.05);
}

TEST(Acquisition, GoesThereAndBack) {
  const Space space = mixed();
  for (const Point& point : {settled(space, {0.1, 2, 0, 0.9, 1, 1e-3, 0.1, 64}),
                             settled(space, {1e-3, 10, 1, 0.9, 1, 1e-3, 0.5, 8})}) {
    const Point back = point_of(space, coordinates_of(space, point));
    for (std::size_t i = 0; i < point.size(); ++i) {
      if (std::isnan(point[i]))
        EXPECT_TRUE(std::isnan(back[i]));
      else
        EXPECT_NEAR(back[i], point[i], 1e-12);
    }
  }
}

// No point of a fine grid promises more than where the search upwards ended.
TEST(Acquisition, ClimbsToTheTop) {
  const Space space = unit_square();
  Inputs inputs = some_inputs(12);
  inputs.x.conservativeResize(Eigen::NoChange, 2);
  inputs.is_category = {false, false};
  const Eigen::VectorXd values =
      (6 * inputs.x.col(0).array()).sin() + (inputs.x.col(1).array() - 0.4).square();
  const GaussianProcess process(inputs, values, {Eigen::Vector2d(5, 2), 1, 1e-6});
  Eigen::Index at = 0;
  const double best = values.minCoeff(&at);
  const auto promise = [&](const Eigen::MatrixXd& rows) {
    const auto belief = process.at(rows);
    double most = -unbounded;
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
      const double deviation = std::sqrt(belief.variance[i]);
      most = std::max(most, log_ei((best - belief.mean[i]) / deviation) + std::log(deviation));
    }
    return most;
  };
  constexpr Eigen::Index side = 401;
  Eigen::MatrixXd grid(side * side, 2);
  for (Eigen::Index i = 0; i < grid.rows(); ++i)
    grid.row(i) << static_cast<double>(i / side) / (side - 1), static_cast<double>(i % side) / (side - 1);
  Stream random(1, 0, "ask");
  const Point top = promising_points(space, process, best, inputs.x.row(at).transpose(), random)[0];
  EXPECT_GE(promise(Eigen::Vector2d(top[0], top[1]).transpose()), promise(grid) - 1e-5);
}

TEST(Gp, SurvivesResultsThatAreAllAlikeFarApartOrPruned) {
  const Space space = unit_square();
  for (const double scale : {0.0, 1e-300, 1e300}) {
    std::vector<Observation> earlier;
    Stream points(1, 0, "points");
    for (int i = 0; i < 12; ++i)
      earlier.push_back({{points.uniform(), points.uniform()}, {scale * i}, i % 3 == 0 ? 0.5 : 1});
    Stream random(1, 0, "ask");
    const Point point = samplers::Gp{}.ask(space, earlier, 1, random);
    EXPECT_TRUE(point[0] >= 0 && point[0] <= 1 && point[1] >= 0 && point[1] <= 1) << scale;
  }
}

}  // namespace
}  // namespace basin::search
