#include "basin/report/document.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "basin/records/json.hpp"
#include "basin/rules/catalogue.hpp"
#include "basin/study/problem_info.hpp"
#include "basin/study/ranking.hpp"

namespace basin::report {
namespace {

using study::State;
using study::StoredTrial;

Document number(double value) { return std::isfinite(value) ? Document(value) : Document(nullptr); }

Document config_json(const study::Configuration& config) {
  Document out = Document::object();
  if (const auto lr = config.knobs.find("lr"); lr != config.knobs.end()) out["lr"] = number(lr->second);
  study::for_each_setting(config, [&](const std::string& name, const auto& value) { out[name] = value; });
  for (const auto& [knob, value] : config.knobs)
    out[study::qualified(config.optimizer, knob)] = number(value);
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

// Leaves out the settings that the document states elsewhere, or not at all.
Document settings_json(const study::Settings& settings) {
  Document out = json_of<Document>(settings);
  for (const char* elsewhere : {"problem", "train_size", "threads", "checksums"}) out.erase(elsewhere);
  return out;
}

Document study_json(const study::Study& study, const study::ProblemInfo& info,
                    const std::vector<StoredTrial>& trials) {
  Document out{{"name", study.name},
               {"state", state_of(trials)},
               {"design", study.design},
               {"seed", study.settings.seed},
               {"replicates", replicates_of(trials)}};
  out.update(settings_json(study.settings));
  out["command"] = study.command;
  out["created"] = study.created;
  out["problem"] = problem_json(info, study.settings.train_size);
  out["factors"] = factors_json(trials);
  return out;
}

Document curve_json(const std::vector<Epoch>& curve) {
  Document out = Document::object();
  for_each_leaf_of<Epoch>([&](const Leaf& leaf, auto, auto&) { out[leaf.name] = Document::array(); });
  for (const Epoch& epoch : curve) {
    const Document point = json_of<Document>(epoch);
    for (const auto& [name, value] : point.items()) out[name].push_back(value);
  }
  return out;
}

// Adds the keys of a record in order, each after `prefix`.
void add(Document& out, const std::string& prefix, const Record auto& record) {
  const Document keys = json_of<Document>(record);
  for (const auto& [name, value] : keys.items()) out[prefix + name] = value;
}

Document trial_json(const StoredTrial& stored) {
  const study::Trial& trial = stored.trial;
  Document out{{"number", trial.number},
               {"optimizer", trial.config.optimizer},
               {"replicate", trial.replicate},
               {"factor", trial.factor},
               {"config", config_json(trial.config)}};
  for_each_member(stored.result, [&](auto field, const auto& value) {
    if constexpr (field.is(trait::flat))
      add(out, std::string(field.name) + "_", value);
    else
      out[std::string(field.name)] = detail::value_as<Document>(value);
    if (field.name == "validation") add(out, "test_", stored.test.value_or(study::TestResult{}));
  });
  out["curve"] = curve_json(stored.curve);
  return out;
}

Document summary_json(const study::Summary& s) {
  if (s.n == 0) return nullptr;
  return {{"mean", number(s.mean)}, {"sd", number(s.sd)},     {"median", number(s.median)},
          {"low", number(s.low)},   {"high", number(s.high)}, {"n", s.n}};
}

Document ranking_json(const study::RankingRow& row) {
  Document out{{"rank", row.rank},
               {"optimizer", row.optimizer},
               {"config", config_json(row.config)},
               {"trials", row.trials}};
  for (const auto& [name, summary] : row.validation) out["validation_" + name] = summary_json(summary);
  for (const auto& [name, summary] : row.test) out["test_" + name] = summary_json(summary);
  out.update({{"epochs_to_target", summary_json(row.epochs_to_target)},
              {"seconds_to_target", summary_json(row.seconds_to_target)},
              {"configurations", row.configurations},
              {"finished", row.finished},
              {"diverged", row.diverged},
              {"failed", row.failed},
              {"state_bytes", row.state_bytes},
              {"optimizer_ms", number(row.optimizer_ms)}});
  return out;
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
