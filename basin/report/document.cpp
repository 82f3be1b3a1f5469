#include "basin/report/document.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "basin/metrics/metrics.hpp"
#include "basin/records/json.hpp"
#include "basin/report/search_report.hpp"
#include "basin/rules/catalogue.hpp"
#include "basin/study/problem_info.hpp"
#include "basin/study/ranking.hpp"
#include "basin/study/source.hpp"

namespace basin::report {
namespace {

using study::State;
using study::StoredTrial;

Document number(double value) { return std::isfinite(value) ? Document(value) : Document(nullptr); }

Document config_json(const study::Configuration& config) {
  Document out = Document::object();
  if (const auto lr = config.knobs.find("lr"); lr != config.knobs.end()) out["lr"] = number(lr->second);
  study::for_each_setting(config, [&](const std::string& name, const auto& value) { out[name] = value; });
  for (const auto& [name, value] : config.values) out[name] = value;
  for (const auto& [knob, value] : config.knobs) out[study::qualified(config, knob)] = number(value);
  return out;
}

std::string scale_of(const study::Configuration& config, const std::string& factor, const Document& value) {
  if (study::is_program(config)) return value.is_string() ? "category" : "linear";
  const std::string& optimizer = config.optimizer;
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
      const Document factor{{"name", name}, {"scale", scale_of(stored.trial.config, name, value)}};
      if (!fresh && first->second != value && std::ranges::find(out, factor) == out.end())
        out.push_back(factor);
    }
  }
  return out;
}

// A trial marked as running belongs to a live parent, or to one that was killed.
const char* state_of(const study::Study& study, const std::vector<StoredTrial>& trials) {
  const auto any = [&](State state) {
    return std::ranges::any_of(trials,
                               [&](const StoredTrial& stored) { return stored.result.state == state; });
  };
  if (any(State::running)) return "running";
  const bool more = any(State::waiting) || !study::source_of(study)->next(trials).empty();
  return more ? "interrupted" : "complete";
}

// Errors are in the unit of the target; squared ones in its square.
std::string unit_of(const metrics::Info& info, const Problem& problem) {
  if (info.name == "rmse" || info.name == "mae") return problem.unit;
  if (info.name == "mse" && !problem.unit.empty()) return problem.unit + "²";
  return std::string(info.unit);
}

Document metrics_json(const Problem& problem) {
  Document out = Document::array();
  for (const std::string& name : metrics_of(problem)) {
    const metrics::Info info = describe_metric(problem, name);
    out.push_back({{"name", name},
                   {"title", info.title},
                   {"better", info.better == metrics::Better::larger ? "larger" : "smaller"},
                   {"percent", info.percent},
                   {"unit", unit_of(info, problem)},
                   {"low", number(info.low)},
                   {"high", number(info.high)}});
  }
  return out;
}

Document problem_json(const study::ProblemInfo& info, std::int64_t train_size) {
  const Problem& p = info.problem;
  return {{"name", p.name},
          {"summary", p.summary},
          {"data", p.data},
          {"layers", p.layers},
          {"loss", p.loss},
          {"metric", p.metric},
          {"metrics", metrics_json(p)},
          {"target", number(p.target)},
          {"parameters", info.parameters},
          {"train_size", train_size > 0 ? train_size : info.train_count},
          {"validation_size", info.validation_count},
          {"test_size", info.test_count}};
}

// Counts what is compared: the one seed of a search counts as long as there is nothing else.
int replicates_of(const std::vector<StoredTrial>& trials) {
  std::set<int> compared;
  for (const StoredTrial& stored : trials)
    if (!study::searched(stored.trial)) compared.insert(stored.trial.replicate);
  return compared.empty() ? 1 : static_cast<int>(compared.size());
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
               {"state", state_of(study, trials)},
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

// An array for each field and each metric of both splits, with an item for each epoch.
Document curve_json(const std::vector<Epoch>& curve, const Names& metrics) {
  Document out = Document::object();
  const Epoch fields{};
  for_each_member(fields, [&](auto field, const auto&) {
    const std::string name(field.name);
    if constexpr (field.is(trait::flat)) {
      for (const std::string& metric : metrics) {
        Document& values = out[name + "_" + metric] = Document::array();
        for (const Epoch& epoch : curve) values.push_back(number(value_of(epoch.*field.member, metric)));
      }
    } else {
      Document& values = out[name] = Document::array();
      for (const Epoch& epoch : curve) values.push_back(detail::value_as<Document>(epoch.*field.member));
    }
  });
  return out;
}

void add(Document& out, const std::string& prefix, const Score& score, const Names& metrics) {
  for (const std::string& metric : metrics) out[prefix + metric] = number(value_of(score, metric));
}

Document trial_json(const study::Study& study, const StoredTrial& stored, const Names& metrics) {
  const study::Trial& trial = stored.trial;
  Document out{{"number", trial.number},
               {"optimizer", trial.config.optimizer},
               {"replicate", trial.replicate},
               {"factor", trial.factor},
               {"config", config_json(trial.config)}};
  if (study.search) out["stage"] = searched(trial) ? "search" : "final";
  out["started"] = number(stored.started);
  out["ended"] = number(stored.ended);
  for_each_member(stored.result, [&](auto field, const auto& value) {
    if constexpr (field.is(trait::flat)) {
      add(out, std::string(field.name) + "_", value, metrics);
      add(out, "test_", stored.test.value_or(study::TestResult{}), metrics);
    } else {
      out[std::string(field.name)] = detail::value_as<Document>(value);
    }
  });
  out["curve"] = curve_json(stored.curve, metrics);
  return out;
}

Document summary_json(const study::Summary& s) {
  if (s.n == 0) return nullptr;
  return {{"mean", number(s.mean)}, {"sd", number(s.sd)},     {"median", number(s.median)},
          {"low", number(s.low)},   {"high", number(s.high)}, {"n", s.n}};
}

Document ranking_json(const study::RankingRow& row, const Names& metrics) {
  Document out{{"rank", row.rank},
               {"optimizer", row.optimizer},
               {"config", config_json(row.config)},
               {"trials", row.trials}};
  for (const auto& [split, summaries] : {std::pair("validation_", &row.validation), {"test_", &row.test}})
    for (const std::string& metric : metrics)
      out[split + metric] = summary_json(summary_of(*summaries, metric));
  out.update({{"epochs_to_target", summary_json(row.epochs_to_target)},
              {"seconds_to_target", summary_json(row.seconds_to_target)},
              {"configurations", row.configurations},
              {"finished", row.finished},
              {"diverged", row.diverged},
              {"failed", row.failed},
              {"pruned", row.pruned},
              {"state_bytes", row.state_bytes},
              {"optimizer_ms", number(row.optimizer_ms)}});
  return out;
}

}  // namespace

Document study_document(const study::Study& study, const std::vector<StoredTrial>& trials) {
  const auto info = nlohmann::json::parse(study.problem).get<study::ProblemInfo>();
  Document trials_json = Document::array(), ranking = Document::array();
  const Names metrics = metrics_of(info.problem);
  for (const StoredTrial& stored : trials) trials_json.push_back(trial_json(study, stored, metrics));
  for (const auto& row : study::rank(trials, ranking_metric(info.problem), info.problem.target))
    ranking.push_back(ranking_json(row, metrics));
  Document out{{"format", "basin-study"},
               {"version", 2},
               {"study", study_json(study, info, trials)},
               {"environment", Document::parse(study.environment)},
               {"trials", trials_json},
               {"ranking", ranking}};
  if (const auto search = search_report(study, trials)) out["search"] = detail::value_as<Document>(*search);
  return out;
}

}  // namespace basin::report
