#include "basin/report/document.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "basin/rules/catalogue.hpp"
#include "basin/study/problem_info.hpp"
#include "basin/study/ranking.hpp"

namespace basin::report {
namespace {

using study::State;
using study::StoredTrial;

Document number(double value) { return std::isfinite(value) ? Document(value) : Document(nullptr); }

// Knobs of different optimizers may have the same name, so all but the learning rate are qualified:
// "adam.beta2".
std::string factor_name(const std::string& optimizer, const std::string& knob) {
  return knob == "lr" ? knob : optimizer + "." + knob;
}

Document config_json(const study::Configuration& config) {
  Document out = Document::object();
  if (const auto lr = config.knobs.find("lr"); lr != config.knobs.end()) out["lr"] = number(lr->second);
  out["batch_size"] = config.batch_size;
  for (const study::Worded& w : study::worded) out[std::string(w.name)] = config.*w.text;
  for (const auto& [knob, value] : config.knobs) {
    if (knob != "lr") out[factor_name(config.optimizer, knob)] = number(value);
  }
  return out;
}

std::string scale_of(const std::string& optimizer, const std::string& factor) {
  if (std::ranges::find(study::worded, factor, &study::Worded::name) != study::worded.end())
    return "category";
  if (factor == "lr" || factor == "batch_size") return "log";
  const auto& knobs = find_rule(optimizer).knobs;
  const auto knob = std::ranges::find(knobs, factor.substr(optimizer.size() + 1), &Knob::name);
  return knob != knobs.end() && knob->range->scale == Scale::log ? "log" : "linear";
}

// The settings with more than one value within an optimizer, in the order in which trials first vary them.
Document factors_json(const std::vector<StoredTrial>& trials) {
  std::map<std::pair<std::string, std::string>, Document> seen;  // by optimizer and setting: the first value
  Document out = Document::array();
  for (const StoredTrial& stored : trials) {
    const std::string& optimizer = stored.trial.config.optimizer;
    const Document config = config_json(stored.trial.config);
    for (const auto& [name, value] : config.items()) {
      const auto [first, fresh] = seen.try_emplace({optimizer, name}, value);
      const Document factor{{"name", name}, {"scale", scale_of(optimizer, name)}};
      if (!fresh && first->second != value && std::ranges::find(out, factor) == out.end())
        out.push_back(factor);
    }
  }
  return out;
}

// A trial marked as running belongs to a live parent, or to one that was killed.
const char* state_of(const std::vector<StoredTrial>& trials) {
  const auto any = [&](State state) {
    return std::ranges::any_of(trials,
                               [&](const StoredTrial& stored) { return stored.result.state == state; });
  };
  return any(State::running) ? "running" : any(State::waiting) ? "interrupted" : "complete";
}

Document problem_json(const study::ProblemInfo& info, std::int64_t train_size) {
  const Problem& p = info.problem;
  return {{"name", p.name},
          {"summary", p.summary},
          {"data", p.data},
          {"layers", p.layers},
          {"loss", study::name_of(p.loss)},
          {"metric", study::name_of(p.metric)},
          {"target", number(p.target)},
          {"parameters", info.parameters},
          {"train_size", train_size > 0 ? train_size : info.train_count},
          {"validation_size", info.validation_count},
          {"test_size", info.test_count}};
}

int replicates_of(const std::vector<StoredTrial>& trials) {
  int most = 0;
  for (const StoredTrial& stored : trials) most = std::max(most, stored.trial.replicate + 1);
  return most;
}

Document study_json(const study::Study& study, const study::ProblemInfo& info,
                    const std::vector<StoredTrial>& trials) {
  const study::Settings& settings = study.settings;
  Document patience, plateau;
  if (settings.patience) patience = {{"epochs", settings.patience->epochs}};
  if (settings.plateau)
    plateau = {{"factor", number(settings.plateau->factor)},
               {"patience", settings.plateau->patience},
               {"dialect", settings.plateau->dialect}};
  return {{"name", study.name},
          {"state", state_of(trials)},
          {"design", study.design},
          {"seed", settings.seed},
          {"replicates", replicates_of(trials)},
          {"epochs", settings.epochs},
          {"micro_batch", settings.micro_batch},
          {"patience", patience},
          {"plateau", plateau},
          {"command", study.command},
          {"created", study.created},
          {"problem", problem_json(info, settings.train_size)},
          {"factors", factors_json(trials)}};
}

Document curve_json(const std::vector<study::Epoch>& curve) {
  const auto column = [&](auto member) {
    Document out = Document::array();
    for (const study::Epoch& epoch : curve) out.push_back(number(epoch.*member));
    return out;
  };
  Document epochs = Document::array();
  for (const study::Epoch& epoch : curve) epochs.push_back(epoch.epoch);
  return {{"epoch", epochs},
          {"seconds", column(&study::Epoch::seconds)},
          {"lr", column(&study::Epoch::lr)},
          {"train_loss", column(&study::Epoch::train_loss)},
          {"train_accuracy", column(&study::Epoch::train_accuracy)},
          {"validation_loss", column(&study::Epoch::validation_loss)},
          {"validation_accuracy", column(&study::Epoch::validation_accuracy)}};
}

Document trial_json(const StoredTrial& stored) {
  const study::Trial& trial = stored.trial;
  const study::Result& result = stored.result;
  const study::TestResult test = stored.test.value_or(study::TestResult{});
  const study::Phases& phases = result.phases;
  return {{"number", trial.number},
          {"optimizer", trial.config.optimizer},
          {"replicate", trial.replicate},
          {"factor", trial.factor},
          {"config", config_json(trial.config)},
          {"state", study::name_of(result.state)},
          {"reason", result.reason},
          {"best_epoch", result.best_epoch},
          {"validation_loss", number(result.validation_loss)},
          {"validation_accuracy", number(result.validation_accuracy)},
          {"test_loss", number(test.loss)},
          {"test_accuracy", number(test.accuracy)},
          {"seconds", number(result.seconds)},
          {"steps", result.steps},
          {"state_bytes", result.state_bytes},
          {"optimizer_ms", number(result.optimizer_ms)},
          {"images_per_second", number(result.images_per_second)},
          {"phases",
           {{"data", number(phases.data)},
            {"forward", number(phases.forward)},
            {"backward", number(phases.backward)},
            {"optimizer", number(phases.optimizer)},
            {"evaluation", number(phases.evaluation)}}},
          {"curve", curve_json(stored.curve)}};
}

Document summary_json(const study::Summary& s) {
  if (s.n == 0) return nullptr;
  return {{"mean", number(s.mean)}, {"sd", number(s.sd)},     {"median", number(s.median)},
          {"low", number(s.low)},   {"high", number(s.high)}, {"n", s.n}};
}

Document ranking_json(const study::RankingRow& row) {
  return {{"rank", row.rank},
          {"optimizer", row.optimizer},
          {"config", config_json(row.config)},
          {"trials", row.trials},
          {"validation_accuracy", summary_json(row.validation_accuracy)},
          {"validation_loss", summary_json(row.validation_loss)},
          {"test_accuracy", summary_json(row.test_accuracy)},
          {"test_loss", summary_json(row.test_loss)},
          {"epochs_to_target", summary_json(row.epochs_to_target)},
          {"seconds_to_target", summary_json(row.seconds_to_target)},
          {"configurations", row.configurations},
          {"finished", row.finished},
          {"diverged", row.diverged},
          {"failed", row.failed},
          {"state_bytes", row.state_bytes},
          {"optimizer_ms", number(row.optimizer_ms)}};
}

}  // namespace

Document study_document(const study::Study& study, const std::vector<StoredTrial>& trials) {
  const auto info = nlohmann::json::parse(study.problem).get<study::ProblemInfo>();
  Document trials_json = Document::array(), ranking = Document::array();
  for (const StoredTrial& stored : trials) trials_json.push_back(trial_json(stored));
  for (const auto& row : study::rank(trials, info.problem.metric, info.problem.target))
    ranking.push_back(ranking_json(row));
  return {{"format", "basin-study"},
          {"version", 1},
          {"study", study_json(study, info, trials)},
          {"environment", Document::parse(study.environment)},
          {"trials", trials_json},
          {"ranking", ranking}};
}

}  // namespace basin::report
