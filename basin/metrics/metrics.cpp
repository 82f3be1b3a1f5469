#include "basin/metrics/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"

namespace basin::metrics {
namespace {

std::string of(const Info& info) { return "metric " + std::string(info.name) + ": "; }

void check(const Info& info, const Predictions& p, std::int64_t width) {
  if (p.width < 1 || p.outputs.size() % static_cast<std::size_t>(p.width) != 0)
    throw InputError(of(info) + std::to_string(p.outputs.size()) + " outputs are not rows of " +
                     std::to_string(p.width));
  if (width != 0 && p.width != width)
    throw InputError(of(info) + "outputs of width " + std::to_string(p.width) + " after outputs of width " +
                     std::to_string(width));
  if (info.targets == Targets::values) {
    if (p.values.size() != p.outputs.size())
      throw InputError(of(info) + "wanted a value for each of " + std::to_string(p.outputs.size()) +
                       " outputs, found " + std::to_string(p.values.size()));
    return;
  }
  if (p.classes.size() != p.rows())
    throw InputError(of(info) + "wanted a class for each of " + std::to_string(p.rows()) +
                     " examples, found " + std::to_string(p.classes.size()));
  const auto count = static_cast<std::int64_t>(class_count(p.width));
  const auto outside = [&](std::int64_t c) { return c < 0 || c >= count; };
  bool found = false;
  for (const std::int64_t c : p.classes) found |= outside(c);  // no early end: vectorised
  if (!found) return;
  const auto at = std::ranges::find_if(p.classes, outside);
  throw InputError(of(info) + "the class of example " + std::to_string(at - p.classes.begin()) + " is " +
                   std::to_string(*at) + "; it must be at least 0 and less than " + std::to_string(count));
}

void save(double part, std::vector<double>& out) { out.push_back(part); }
void save(const std::vector<double>& part, std::vector<double>& out) {
  out.push_back(static_cast<double>(part.size()));
  out.insert(out.end(), part.begin(), part.end());
}

// Each takes a part from the front of `state`, and returns whether it was there.
bool load(double& part, std::span<const double>& state) {
  if (state.empty()) return false;
  part = state.front();
  state = state.subspan(1);
  return true;
}
bool load(std::vector<double>& part, std::span<const double>& state) {
  double length = 0;
  if (!load(length, state) || !(length >= 0 && length <= static_cast<double>(state.size())) ||
      length != std::floor(length))
    return false;
  const auto taken = state.first(static_cast<std::size_t>(length));
  part.assign(taken.begin(), taken.end());
  state = state.subspan(taken.size());
  return true;
}

// Its state is the width of the outputs, 0 before the first batch, then the parts of the metric; a vector is
// preceded by its length.
template <Metric M>
class Gathers : public Gathering {
 public:
  void add(const Predictions& predictions) override {
    check(M::info, predictions, width_);
    if (predictions.rows() == 0) return;
    width_ = predictions.width;
    metric_.add(predictions);
  }
  double value() const override { return width_ == 0 ? undefined : metric_.value(); }
  std::vector<double> state() const override {
    std::vector<double> out{static_cast<double>(width_)};
    M copy = metric_;
    std::apply([&](const auto&... part) { (save(part, out), ...); }, copy.parts());
    return out;
  }
  void resume(std::span<const double> state) override {
    const std::size_t size = state.size();
    M metric;
    double width = 0;
    bool whole = load(width, state) && width >= 0 && width < 0x1p53 && width == std::floor(width);
    if (whole)
      std::apply([&](auto&... part) { ((whole = whole && load(part, state)), ...); }, metric.parts());
    if constexpr (requires { metric.fits(std::int64_t{}); })
      whole = whole && metric.fits(static_cast<std::int64_t>(width));
    if (!whole || !state.empty())
      throw InputError(of(M::info) + "a saved state of " + std::to_string(size) +
                       " numbers is not one of this metric; it was changed or is another's");
    metric_ = std::move(metric);
    width_ = static_cast<std::int64_t>(width);
  }

 private:
  M metric_;
  std::int64_t width_ = 0;
};

template <Metric M>
std::unique_ptr<Gathering> gathers() {
  return std::make_unique<Gathers<M>>();
}

struct Known {
  std::vector<Info> infos;
  std::vector<std::unique_ptr<Gathering> (*)()> begin;
};

const Known& known() {
  static const Known all = [] {
    Known out;
    All::each([&]<class M>() {
      out.infos.push_back(M::info);
      out.begin.push_back(&gathers<M>);
    });
    return out;
  }();
  return all;
}

std::size_t index_of(std::string_view name) {
  std::vector<std::string> names;
  for (const Info& info : known().infos) {
    if (info.name == name) return names.size();
    names.emplace_back(info.name);
  }
  throw InputError(unknown("metric", name, names));
}

}  // namespace

const std::vector<Info>& metric_infos() { return known().infos; }
const Info& find_metric(std::string_view name) { return known().infos[index_of(name)]; }
std::unique_ptr<Gathering> begin(std::string_view name) { return known().begin[index_of(name)](); }

}  // namespace basin::metrics
