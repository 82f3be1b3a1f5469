// The state of CMA-ES: the normal distribution from which the next generation is drawn.
//
// Paper     Hansen, The CMA Evolution Strategy: A Tutorial, 2016, with negative weights for the worse half
// Source    cmaes 0.12, the implementation behind optuna
#pragma once
#include <Eigen/Core>

namespace basin::search {

// What follows from the number of dimensions n and the size of a generation.
struct CmaConstants {
  CmaConstants(Eigen::Index dimensions, Eigen::Index size);
  static Eigen::Index default_size(Eigen::Index dimensions);  // 4 + floor(3 ln n)

  Eigen::Index parents;  // the better half
  double mu_eff, mu_eff_minus;
  double c1, cmu;           // rates of the rank-one and the rank-mu update of the covariance
  double cc, cs, ds;        // rates of its path and of the step's path; damping of the step
  double chi;               // the expected length of a normal vector
  Eigen::VectorXd weights;  // best first
};

class CmaState {
 public:
  // Starts in the middle of the unit cube with a sixth of its edge as the deviation.
  CmaState(Eigen::Index dimensions, Eigen::Index size);

  // Takes in a generation: a column for each point, best first. A point that lies implausibly far out for
  // this state, as one drawn from an older state may, counts as three expected lengths away.
  // Cost      n^3: 20 us for n = 10
  void update(const Eigen::MatrixXd& points);
  // Returns the point at `normal`, a vector of standard normal numbers.
  Eigen::VectorXd at(const Eigen::VectorXd& normal) const;
  // Returns the deviation of every coordinate.
  Eigen::VectorXd deviations() const;

  const CmaConstants& constants() const { return constants_; }
  double step() const { return step_; }
  const Eigen::VectorXd& mean() const { return mean_; }
  const Eigen::MatrixXd& covariance() const { return covariance_; }

 private:
  void adapt_step(const Eigen::VectorXd& whitened);
  void adapt_covariance(const Eigen::VectorXd& mean_step, const Eigen::MatrixXd& steps,
                        const Eigen::VectorXd& lengths);
  void decompose();

  CmaConstants constants_;
  int generation_ = 0;
  double step_ = 1.0 / 6;
  Eigen::VectorXd mean_, step_path_, path_;
  Eigen::MatrixXd covariance_, axes_;  // axes: eigenvectors in columns
  Eigen::VectorXd lengths_;            // of the axes: roots of the eigenvalues
};

}  // namespace basin::search
