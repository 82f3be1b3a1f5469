// Hyperband: several brackets of successive halving, each of which begins to prune a rung later. So a trial
// that starts slowly survives in some bracket.
//
// Paper    Li et al., Hyperband, JMLR 2018
// Rule     floor(log_eta(1 / warmup)) + 1 brackets; in bracket b the first rung stands at warmup * eta^b, and
//          trials compete with those of their own bracket only (rungs.hpp). Of B brackets, bracket b gets
//          ceil(B eta^s / (s + 1)) parts of the trials, s = B - 1 - b, as in the paper.
// Bracket  drawn from the trial's number alone. It is not the number modulo the parts: where optimizers take
//          turns, one of them would get one bracket.
// Source   optuna.pruners.HyperbandPruner, where the bracket depends on the name of the study
#pragma once
#include "basin/core/philox.hpp"
#include "basin/search/pruners/domains.hpp"
#include "basin/search/pruners/rungs.hpp"

namespace basin::search::pruners {

struct Hyperband {
  static constexpr Info info{.name = "hyperband",
                             .title = "Hyperband",
                             .help = "successive halving in brackets, some of which begin later",
                             .paper = "Li et al., Hyperband, JMLR 2018"};
  static constexpr std::string_view name = info.name;
  Share warmup = 0.2;  // the first rung of the first bracket
  Growth eta = 3;
  BASIN_KNOBS(warmup, eta)

  int brackets() const {
    int count = 1;
    for (double rung = warmup * eta; rung <= 1 + same_fraction; rung *= eta) ++count;
    return count;
  }
  // Returns how many parts of the trials a bracket gets.
  double parts(int bracket) const {
    const int later = brackets() - 1 - bracket;
    return std::ceil(brackets() * std::pow(eta, later) / (later + 1));
  }
  int bracket_of(int number) const {
    double all = 0;
    for (int bracket = 0; bracket < brackets(); ++bracket) all += parts(bracket);
    double place = Stream(0, static_cast<std::uint64_t>(number), "bracket").uniform() * all;
    int bracket = 0;
    while (bracket < brackets() - 1 && place >= parts(bracket)) place -= parts(bracket++);
    return bracket;
  }
  bool ends(const Curve& trial, std::span<const Curve> earlier) const {
    const int bracket = bracket_of(trial.number);
    std::vector<Curve> rivals;
    std::ranges::copy_if(earlier, std::back_inserter(rivals),
                         [&](const Curve& curve) { return bracket_of(curve.number) == bracket; });
    return ends_in_a_rung(trial, rivals, warmup * std::pow(eta, bracket), eta);
  }
};
static_assert(Described<Hyperband>);

}  // namespace basin::search::pruners
