// A Gaussian process over the unit cube: what results say about the points between them.
//
// Source   optuna 5.0, optuna/_gp; Rasmussen & Williams, Gaussian Processes for Machine Learning, 2006
// Kernel   scale * (1 + sqrt5 r + 5/3 r^2) exp(-sqrt5 r), r^2 = sum of l_i (x_i - x_i')^2: Matern 5/2 with a
//          length for each coordinate; of a category, the difference is 0 or 1
// Fit      maximizes the likelihood times the prior exp(-sum(0.1 / l + 0.1 l)), Gamma(2, 1) of the scale and
//          Gamma(1.1, 30) of the noise, which is 1e-6 or more
#pragma once
#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <optional>
#include <vector>

namespace basin::search {

struct Hyperparameters {
  Eigen::VectorXd inverse_squared_lengths;
  double scale = 1, noise = 1;  // variances
};

// Points in rows, and which coordinates are categories.
struct Inputs {
  Eigen::MatrixXd x;
  std::vector<bool> is_category;
};

// Returns the squared distance of two coordinates for every pair of rows of `a` and `b`, for coordinate `at`.
Eigen::ArrayXXd squared_differences(const Inputs& a, const Inputs& b, Eigen::Index at);

// Fits to standardized values. `fixed_noise`: of values that the points determine.
//
// Cost     n^3 for each step: 0.1 s for 200 points. Beyond 64 points, starts from a fit to 64 of them
Hyperparameters fit(const Inputs& inputs, const Eigen::VectorXd& values, std::optional<double> fixed_noise);

// Returns minus the logarithm of likelihood and prior at the logarithms of the lengths, scale and noise, and
// writes the gradient. Infinity where the matrix has no factors. For `fit`, and for its test.
class Evidence {
 public:
  // `values` must outlive it.
  Evidence(const Inputs& inputs, const Eigen::VectorXd& values, std::optional<double> fixed_noise);
  double operator()(const Eigen::VectorXd& logs, Eigen::VectorXd& gradient);
  Hyperparameters at(const Eigen::VectorXd& logs) const;
  Eigen::VectorXd logs(const Hyperparameters& h) const;

 private:
  const Eigen::VectorXd& values_;
  std::optional<double> fixed_noise_;
  std::vector<Eigen::ArrayXXd> differences_;
  Eigen::ArrayXXd squared_, correlation_, slope_;  // kept: an allocation of their size costs page faults
  Eigen::MatrixXd factor_, pull_;
};

class GaussianProcess {
 public:
  GaussianProcess(Inputs inputs, const Eigen::VectorXd& values, Hyperparameters h);

  struct Belief {
    Eigen::VectorXd mean, variance;
  };
  // Cost      n^2 for each row
  Belief at(const Eigen::MatrixXd& rows) const;

  struct Slope {
    double mean, variance;
    Eigen::VectorXd of_mean, of_variance;  // by coordinate; 0 for a category
  };
  Slope slope_at(const Eigen::VectorXd& x) const;

  const Hyperparameters& hyperparameters() const { return h_; }

 private:
  Inputs inputs_;
  Hyperparameters h_;
  Eigen::LLT<Eigen::MatrixXd> factor_;
  Eigen::VectorXd alpha_;  // K^-1 values
};

}  // namespace basin::search
