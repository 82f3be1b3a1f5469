#include "basin/study/optuna.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <map>
#include <vector>

#include "basin/core/knobs.hpp"
#include "basin/records/json.hpp"

namespace basin::study::optuna {
namespace {

// Optuna counts from 1.
int id_of(int number) { return number + 1; }

using Moment = std::chrono::system_clock::time_point;

// "2026-01-31 12:00:00.123456"; always six digits, because Optuna reads ".5" as 5 microseconds.
std::string text_of(Moment moment, std::tm* (*calendar)(const std::time_t*, std::tm*)) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(moment);
  const std::time_t seconds = std::chrono::system_clock::to_time_t(whole);
  const auto micros = std::chrono::floor<std::chrono::microseconds>(moment - whole).count();
  std::tm date{};
  calendar(&seconds, &date);
  std::array<char, 32> text{}, out{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &date);
  std::snprintf(out.data(), out.size(), "%.19s.%06d", text.data(), static_cast<int>(micros));
  return out.data();
}

// As Optuna writes it up to 4.x: local time without a time zone.
std::string local(Moment moment) { return text_of(moment, localtime_r); }

// ISO 8601.
std::string utc(Moment moment) {
  std::string out = text_of(moment, gmtime_r);
  out[10] = 'T';
  return out + 'Z';
}

// What a parameter may be.
struct Possible {
  std::vector<Json> values;  // distinct, in order of appearance: all of a category, the ends of a range
  bool log = false;

  void take(const Json& value) {
    if (std::ranges::find(values, value) == values.end()) values.push_back(value);
  }
};

Json distribution(const Possible& possible) {
  const std::vector<Json>& values = possible.values;
  if (values.front().is_string()) {
    return {{"name", "CategoricalDistribution"}, {"attributes", {{"choices", values}}}};
  }
  const auto [low, high] = std::ranges::minmax_element(values);
  const bool whole = low->is_number_integer();
  const bool log = (whole || possible.log) && *low > 0;  // a log scale cannot hold a rate of zero
  const Json step = whole ? Json(1) : Json(nullptr);
  return {{"name", whole ? "IntDistribution" : "FloatDistribution"},
          {"attributes", {{"low", *low}, {"high", *high}, {"log", log}, {"step", step}}}};
}

void attribute(const sqlite::Database& database, int number, const std::string& key, const Json& value) {
  // A worker's reason may contain any bytes.
  const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  database.run(
      "INSERT OR REPLACE INTO trial_user_attributes (trial_id, \"key\", value_json) VALUES (?, ?, ?)",
      id_of(number), key, text);
}

using PossibleByName = std::map<std::string, Possible>;

void take(const Configuration& config, PossibleByName& out) {
  for (const auto& [name, value] : parameters(config)) out[name].take(value);
}

void take(const search::Parameter& parameter, PossibleByName& out) {
  Possible& possible = out[parameter.name];
  possible.log = possible.log || parameter.scale == Scale::log;
  const bool whole = parameter.kind == search::Kind::integer || parameter.name == "batch_size";
  const auto number = [&](double value) { return whole ? Json(std::llround(value)) : Json(value); };
  if (parameter.kind != search::Kind::category) {
    possible.take(number(parameter.low)), possible.take(number(parameter.high));
    return;
  }
  for (const std::string& choice : parameter.choices) {
    const auto value = number_of(choice);
    possible.take(value ? number(*value) : Json(choice));
  }
}

// Within a study, a parameter keeps its kind, scale and choices, so they are derived from everything that the
// study may try.
PossibleByName possible_in(const Study& study) {
  PossibleByName out;
  if (!study.search)
    for (const Trial& trial : study.trials) take(trial.config, out);
  else
    for (const SearchArm& arm : study.search->arms) {
      for (const Variant& variant : arm.variants) take(variant.config, out);
      for (const search::Parameter& parameter : arm.space.parameters) take(parameter, out);
    }
  out["lr"].log = true;
  return out;
}

void write_parameters(const sqlite::Database& database, const Study& study,
                      const std::vector<Trial>& trials) {
  PossibleByName possible = possible_in(study);
  for (const Trial& trial : trials) take(trial.config, possible);
  auto insert = database.prepare(
      "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?, ?, ?, ?)");
  for (const Trial& trial : trials) {
    for (const auto& [name, value] : parameters(trial.config)) {
      const Possible& all = possible[name];
      const double internal =
          value.is_string() ? static_cast<double>(std::ranges::find(all.values, value) - all.values.begin())
                            : value.get<double>();
      insert.run(id_of(trial.number), name, internal, distribution(all).dump());
    }
  }
}

}  // namespace

const char* const schema = R"sql(
CREATE TABLE studies (study_id INTEGER NOT NULL, study_name VARCHAR(512) NOT NULL, PRIMARY KEY (study_id));
CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
CREATE TABLE study_directions (study_direction_id INTEGER NOT NULL, direction VARCHAR(8) NOT NULL,
  study_id INTEGER NOT NULL, objective INTEGER NOT NULL, PRIMARY KEY (study_direction_id),
  UNIQUE (study_id, objective), FOREIGN KEY(study_id) REFERENCES studies (study_id));
CREATE TABLE study_user_attributes (study_user_attribute_id INTEGER NOT NULL, study_id INTEGER, "key" VARCHAR(512),
  value_json TEXT, PRIMARY KEY (study_user_attribute_id), UNIQUE (study_id, "key"),
  FOREIGN KEY(study_id) REFERENCES studies (study_id));
CREATE TABLE study_system_attributes (study_system_attribute_id INTEGER NOT NULL, study_id INTEGER,
  "key" VARCHAR(512), value_json TEXT, PRIMARY KEY (study_system_attribute_id), UNIQUE (study_id, "key"),
  FOREIGN KEY(study_id) REFERENCES studies (study_id));
CREATE TABLE trials (trial_id INTEGER NOT NULL, number INTEGER, study_id INTEGER, state VARCHAR(8) NOT NULL,
  datetime_start DATETIME, datetime_complete DATETIME, PRIMARY KEY (trial_id),
  FOREIGN KEY(study_id) REFERENCES studies (study_id));
CREATE INDEX trials_study_id_key ON trials (study_id);
CREATE TABLE trial_user_attributes (trial_user_attribute_id INTEGER NOT NULL, trial_id INTEGER, "key" VARCHAR(512),
  value_json TEXT, PRIMARY KEY (trial_user_attribute_id), UNIQUE (trial_id, "key"),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
CREATE TABLE trial_system_attributes (trial_system_attribute_id INTEGER NOT NULL, trial_id INTEGER,
  "key" VARCHAR(512), value_json TEXT, PRIMARY KEY (trial_system_attribute_id), UNIQUE (trial_id, "key"),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
CREATE TABLE trial_params (param_id INTEGER NOT NULL, trial_id INTEGER, param_name VARCHAR(512), param_value FLOAT,
  distribution_json TEXT, PRIMARY KEY (param_id), UNIQUE (trial_id, param_name),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
CREATE TABLE trial_values (trial_value_id INTEGER NOT NULL, trial_id INTEGER NOT NULL, objective INTEGER NOT NULL,
  value FLOAT, value_type VARCHAR(7) NOT NULL, PRIMARY KEY (trial_value_id), UNIQUE (trial_id, objective),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
CREATE TABLE trial_intermediate_values (trial_intermediate_value_id INTEGER NOT NULL, trial_id INTEGER NOT NULL,
  step INTEGER NOT NULL, intermediate_value FLOAT, intermediate_value_type VARCHAR(7) NOT NULL,
  PRIMARY KEY (trial_intermediate_value_id), UNIQUE (trial_id, step),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
CREATE TABLE trial_heartbeats (trial_heartbeat_id INTEGER NOT NULL, trial_id INTEGER NOT NULL,
  heartbeat DATETIME NOT NULL, PRIMARY KEY (trial_heartbeat_id), UNIQUE (trial_id),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
)sql";

void create(const sqlite::Database& database, const Study& study) {
  database.run("INSERT INTO studies (study_id, study_name) VALUES (?, ?)", study_id, study.name);
  database.run("INSERT INTO study_directions (study_id, objective, direction) VALUES (?, 0, ?)", study_id,
               metric_of(study).larger_is_better ? "MAXIMIZE" : "MINIMIZE");
}

void add(const sqlite::Database& database, const Study& study, const std::vector<Trial>& trials) {
  auto insert =
      database.prepare("INSERT INTO trials (trial_id, number, study_id, state) VALUES (?, ?, ?, 'WAITING')");
  for (const Trial& trial : trials) {
    insert.run(id_of(trial.number), trial.number, study_id);
    attribute(database, trial.number, "replicate", trial.replicate);
    attribute(database, trial.number, "seed", study.settings.seed);
    attribute(database, trial.number, "factor", trial.factor);
  }
  write_parameters(database, study, trials);
}

void start(const sqlite::Database& database, int number) {
  reset(database, number);
  const Moment now = std::chrono::system_clock::now();
  database.run("UPDATE trials SET state = 'RUNNING', datetime_start = ? WHERE trial_id = ?", local(now),
               id_of(number));
  attribute(database, number, started, utc(now));
}

void record(const sqlite::Database& database, int number, int epoch, double value) {
  database.run(
      "INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type) "
      "VALUES (?, ?, ?, ?)",
      id_of(number), epoch, value, std::isfinite(value) ? "FINITE" : "NAN");
}

void finish(const sqlite::Database& database, int number, const Result& result, double value) {
  const bool pruned = result.state == State::pruned;
  const bool complete = (pruned || result.state == State::complete) && std::isfinite(value);
  const Moment now = std::chrono::system_clock::now();
  database.run("UPDATE trials SET state = ?, datetime_complete = ? WHERE trial_id = ?",
               pruned     ? "PRUNED"
               : complete ? "COMPLETE"
                          : "FAIL",
               local(now), id_of(number));
  attribute(database, number, ended, utc(now));
  if (complete) {
    database.run(
        "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, 0, ?, 'FINITE')",
        id_of(number), value);
  }
  attribute(database, number, "state", name_of(result.state));
  if (!result.reason.empty()) attribute(database, number, "reason", result.reason);
}

void record_test(const sqlite::Database& database, int number, const TestResult& test) {
  for (const auto& [name, value] : test)
    attribute(database, number, "test_" + name, std::isfinite(value) ? Json(value) : Json(nullptr));
}

void reset(const sqlite::Database& database, int number) {
  const int id = id_of(number);
  database.run(
      "UPDATE trials SET state = 'WAITING', datetime_start = NULL, datetime_complete = NULL WHERE trial_id = "
      "?",
      id);
  database.run("DELETE FROM trial_intermediate_values WHERE trial_id = ?", id);
  database.run("DELETE FROM trial_values WHERE trial_id = ?", id);
  database.run(
      "DELETE FROM trial_user_attributes "
      "WHERE trial_id = ? AND \"key\" IN ('state', 'reason', 'started', 'ended')",
      id);
}

}  // namespace basin::study::optuna
