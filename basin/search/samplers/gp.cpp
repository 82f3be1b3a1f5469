#include "basin/search/samplers/gp.hpp"

#include <algorithm>
#include <cmath>

#include "basin/search/acquisition.hpp"
#include "basin/search/cells.hpp"
#include "basin/search/ranking.hpp"
#include "basin/search/samplers/random.hpp"

namespace basin::search::samplers {
namespace {

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

// The results that a model can use, one for each finished trial; empty if all of them failed.
std::vector<double> targets_of(std::span<const Observation> finished) {
  std::vector<double> finite, complete;
  for (const Observation& o : finished) {
    if (has_failed(o)) continue;
    finite.push_back(o.values[0]);
    if (o.reached >= 1) complete.push_back(o.values[0]);
  }
  if (finite.empty()) return {};
  const double worst = std::ranges::max(finite), middle = median(complete.empty() ? finite : complete);
  std::vector<double> out;
  for (const Observation& o : finished)
    out.push_back(has_failed(o) ? worst : o.reached < 1 ? std::max(o.values[0], middle) : o.values[0]);
  return out;
}

Eigen::VectorXd standardized(const std::vector<double>& values) {
  Eigen::VectorXd out =
      Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
  out.array() -= out.mean();
  return out / std::max(std::sqrt(out.squaredNorm() / static_cast<double>(out.size())), 1e-10);
}

Inputs inputs_of(const Space& space, const std::vector<Observation>& observations) {
  Inputs out{Eigen::MatrixXd(static_cast<Eigen::Index>(observations.size()),
                             static_cast<Eigen::Index>(space.parameters.size())),
             {}};
  for (std::size_t i = 0; i < observations.size(); ++i)
    out.x.row(static_cast<Eigen::Index>(i)) = coordinates_of(space, observations[i].point).transpose();
  for (const Parameter& p : space.parameters) out.is_category.push_back(p.kind == Kind::category);
  return out;
}

// Returns the process that also believes its own mean at the points of running trials.
GaussianProcess believing(GaussianProcess process, const Inputs& known, const Eigen::VectorXd& values,
                          const Inputs& running) {
  if (running.x.rows() == 0) return process;
  Inputs all{Eigen::MatrixXd(known.x.rows() + running.x.rows(), known.x.cols()), known.is_category};
  all.x << known.x, running.x;
  Eigen::VectorXd believed(all.x.rows());
  believed << values, process.at(running.x).mean;
  return GaussianProcess(std::move(all), believed, process.hyperparameters());
}

}  // namespace

Point Gp::ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
              Stream& random) const {
  std::vector<Observation> finished, running;
  for (const Observation& o : earlier) (is_finished(o) ? finished : running).push_back(o);
  const std::vector<double> targets = targets_of(finished);
  if (static_cast<double>(earlier.size()) < startup || targets.empty())
    return Random{}.ask(space, earlier, seed, random);
  const Eigen::VectorXd values = standardized(targets);
  const Inputs known = inputs_of(space, finished);
  const auto noise = deterministic > 0 ? std::optional(1e-6) : std::nullopt;
  const GaussianProcess process = believing(GaussianProcess(known, values, fit(known, values, noise)), known,
                                            values, inputs_of(space, running));
  Eigen::Index best = 0;
  const double least = values.minCoeff(&best);
  const Tried tried(earlier);
  std::vector<Point> points = promising_points(space, process, least, known.x.row(best).transpose(), random);
  const auto fresh = std::ranges::find_if(points, [&](const Point& p) { return !tried.contains(p); });
  return fresh == points.end() ? points.front() : *fresh;
}

}  // namespace basin::search::samplers
