#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "basin/core/error.hpp"
#include "basin/records/json.hpp"
#include "basin/search/pruners.hpp"
#include "basin/search/samplers.hpp"
#include "basin/search/suggest.hpp"
#include "basin/study/ranking.hpp"
#include "basin/study/source.hpp"

namespace basin::study {
namespace {

bool has_ended(const StoredTrial& trial) {
  return trial.result.state != State::waiting && trial.result.state != State::running;
}

// A list of trials, which is complete when the study begins.
class NoSource : public Source {
 public:
  std::vector<Trial> next(const std::vector<StoredTrial>&) override { return {}; }
};

// What a search knows of one arm.
struct Known {
  std::vector<search::Observation> observations;  // of its trials, in order
  std::vector<int> numbers;                       // of these trials
  bool exhausted = false;                         // every point of its space was tried
};

class SearchSource : public Source {
 public:
  SearchSource(const Study& study, Search search)
      : search_(std::move(search)),
        settings_(study.settings),
        metric_(metric_of(study)),
        sampler_(search::make_sampler(search_.sampler)),
        pruner_(search::make_pruner(search_.pruner)),
        arms_(search_.arms.size()) {}

  std::vector<Trial> next(const std::vector<StoredTrial>& trials) override {
    read_on(trials);
    std::vector<Trial> out;
    while (std::optional<Trial> trial = ask(trials)) out.push_back(std::move(*trial));
    if (out.empty() && ended_ == trials.size()) out = finals(trials);
    return out;
  }

  bool prunes() const override { return search_.pruner != "none"; }

  std::optional<std::string> stop(int number, const std::vector<StoredTrial>& trials) override {
    const StoredTrial& trial = trials.at(static_cast<std::size_t>(number));
    if (!searched(trial.trial) || !would_end(trial, trial.curve.size(), trials)) return std::nullopt;
    if (search::audited(settings_.seed, number, search_.audit)) return std::nullopt;
    return search_.pruner.substr(0, search_.pruner.find(' ')) + " ended it after epoch " +
           std::to_string(trial.curve.back().epoch) + " of " + std::to_string(settings_.epochs);
  }

 private:
  // Whether the pruner ends a trial that has so many points.
  bool would_end(const StoredTrial& trial, std::size_t points, const std::vector<StoredTrial>& trials) {
    return pruner_->prune(curve_of(trial, points), earlier_curves(trial.trial, trials), search_.warmup);
  }

  search::Curve curve_of(const StoredTrial& trial, std::size_t points) const {
    search::Curve out{.number = trial.trial.number};
    for (std::size_t i = 0; i < points; ++i)
      out.points.emplace_back(static_cast<double>(trial.curve[i].epoch) / settings_.epochs,
                              -metric_.worth(trial.curve[i].validation));
    out.complete = points == trial.curve.size() && trial.result.state == State::complete;
    return out;
  }

  // The curves of the same arm that the trial may see, whatever has ended since.
  std::vector<search::Curve> earlier_curves(const Trial& trial, const std::vector<StoredTrial>& trials) {
    std::vector<search::Curve> out;
    for (const int number : arms_[arm_of(trial.config.optimizer)].numbers)
      if (number <= trial.number - search_.lag) {
        const StoredTrial& earlier = trials[static_cast<std::size_t>(number)];
        out.push_back(curve_of(earlier, cut_of(earlier, trials)));
      }
    return out;
  }

  // An audited curve counts as if the pruner had ended it.
  std::size_t cut_of(const StoredTrial& trial, const std::vector<StoredTrial>& trials) {
    const int number = trial.trial.number;
    if (!search::audited(settings_.seed, number, search_.audit)) return trial.curve.size();
    if (const auto known = cuts_.find(number); known != cuts_.end()) return known->second;
    std::size_t cut = 1;
    while (cut < trial.curve.size() && !would_end(trial, cut, trials)) ++cut;
    return cuts_[number] = std::min(cut, trial.curve.size());
  }

  // Takes over the trials that are there, and the results that have come.
  void read_on(const std::vector<StoredTrial>& trials) {
    for (; asked_ < trials.size() && searched(trials[asked_].trial); ++asked_)
      add(arm_of(trials[asked_].trial.config.optimizer), trials[asked_].trial);
    while (ended_ < trials.size() && has_ended(trials[ended_])) ++ended_;
  }

  std::size_t arm_of(const std::string& optimizer) const {
    for (std::size_t a = 0; a < search_.arms.size(); ++a)
      if (base_of(search_.arms[a]).optimizer == optimizer) return a;
    throw Error("the study has a trial of " + optimizer + ", which it does not search");
  }

  void add(std::size_t arm, const Trial& trial) {
    arms_[arm].observations.push_back(
        {.point = point_of(trial.config, search_.arms[arm].space), .values = {}});
    arms_[arm].numbers.push_back(trial.number);
  }

  // Returns the next trial of the search, if the results that it is chosen by are there.
  std::optional<Trial> ask(const std::vector<StoredTrial>& trials) {
    const auto lag = static_cast<std::size_t>(search_.lag);
    if (asked_ < trials.size()) return std::nullopt;  // the finals are there
    if (asked_ >= ended_ + lag) return std::nullopt;
    if (asked_ >= lag) reveal(trials, asked_ - lag);
    while (const std::optional<std::size_t> arm = whose_turn()) {
      const std::optional<Configuration> config = choose(*arm);
      arms_[*arm].exhausted = !config;
      if (!config) continue;
      const bool first = arms_[*arm].observations.empty() && has_default(search_.arms[*arm]);
      Trial trial{static_cast<int>(asked_++), *config, 0, first ? factor_default : factor_search};
      add(*arm, trial);
      return trial;
    }
    return std::nullopt;
  }

  // The arm with the fewest trials.
  std::optional<std::size_t> whose_turn() const {
    std::optional<std::size_t> out;
    const auto count = [&](std::size_t a) { return arms_[a].numbers.size(); };
    for (std::size_t a = 0; a < arms_.size(); ++a)
      if (!arms_[a].exhausted && count(a) < static_cast<std::size_t>(search_.trials) &&
          (!out || count(a) < count(*out)))
        out = a;
    return out;
  }

  std::optional<Configuration> choose(std::size_t arm) const {
    const SearchArm& searched = search_.arms[arm];
    const Known& known = arms_[arm];
    if (known.observations.empty() && has_default(searched)) return base_of(searched);
    const auto point = search::suggest(*sampler_, searched.space, known.observations, settings_.seed,
                                       known.observations.size());
    if (!point) return std::nullopt;
    return with_point(base_of(searched), searched.space, *point);
  }

  // Shows the samplers the results of the trials up to `last`.
  void reveal(const std::vector<StoredTrial>& trials, std::size_t last) {
    for (; revealed_ <= last; ++revealed_) {
      const StoredTrial& trial = trials.at(revealed_);
      Known& known = arms_[arm_of(trial.trial.config.optimizer)];
      const auto at = std::ranges::lower_bound(known.numbers, trial.trial.number) - known.numbers.begin();
      search::Observation& observation = known.observations[static_cast<std::size_t>(at)];
      observation.values = values_of(trial);
      if (trial.result.state == State::pruned && !trial.curve.empty())
        observation.reached = static_cast<double>(trial.curve.back().epoch) / settings_.epochs;
    }
  }

  std::vector<double> values_of(const StoredTrial& trial) const {
    const bool judged = trial.result.state == State::complete || trial.result.state == State::pruned;
    const double worth = judged ? metric_.worth(trial.result.validation) : not_known;
    const double lost = std::numeric_limits<double>::infinity();
    std::vector<double> out{std::isfinite(worth) ? -worth : lost};
    for (const std::string& objective : search_.objectives)
      out.push_back(!std::isfinite(worth)    ? lost
                    : objective == "seconds" ? trial.result.seconds
                                             : static_cast<double>(trial.result.state_bytes));
    return out;
  }

  // Returns the selected configurations with fresh seeds, those that are not there yet.
  std::vector<Trial> finals(const std::vector<StoredTrial>& trials) const {
    std::vector<Trial> out;
    for (int replicate = 1; replicate <= search_.finalists; ++replicate)
      for (std::size_t a = 0; a < arms_.size(); ++a)
        for (const Variant& variant : search_.arms[a].variants)
          if (Trial trial{static_cast<int>(trials.size() + out.size()),
                          with_selected(a, variant.config, trials), replicate, variant.factor};
              !is_there(trials, trial))
            out.push_back(std::move(trial));
    return out;
  }

  static bool is_there(const std::vector<StoredTrial>& trials, const Trial& wanted) {
    return std::ranges::any_of(trials, [&](const StoredTrial& t) {
      return t.trial.replicate == wanted.replicate && t.trial.config == wanted.config;
    });
  }

  Configuration with_selected(std::size_t arm, const Configuration& config,
                              const std::vector<StoredTrial>& trials) const {
    const search::Space& space = search_.arms[arm].space;
    const StoredTrial* best = nullptr;
    for (const int number : arms_[arm].numbers) {
      const StoredTrial& trial = trials[static_cast<std::size_t>(number)];
      if (trial.result.state == State::complete && (!best || score(trial, metric_) > score(*best, metric_)))
        best = &trial;
    }
    return best ? with_settings_of(best->trial.config, space, config) : config;
  }

  Search search_;
  Settings settings_;
  Metric metric_;
  std::unique_ptr<search::Sampler> sampler_;
  std::unique_ptr<const search::Pruner> pruner_;
  std::map<int, std::size_t> cuts_;  // points of audited curves at which the pruner would have ended them
  std::vector<Known> arms_;
  std::size_t asked_ = 0;     // trials of the search, those included that were just chosen
  std::size_t ended_ = 0;     // trials before the first that has not ended
  std::size_t revealed_ = 0;  // results that the samplers have seen
};

}  // namespace

std::unique_ptr<Source> source_of(const Study& study) {
  if (!study.search) return std::make_unique<NoSource>();
  return std::make_unique<SearchSource>(study, *study.search);
}

}  // namespace basin::study
