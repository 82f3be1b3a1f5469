#include "basin/report/tensorboard.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "basin/report/protobuf.hpp"
#include "basin/report/tfrecord.hpp"

namespace basin::report {
namespace {

using study::Json;
using study::State;
using study::StoredTrial;

// The field numbers are those of tensorboard/compat/proto/{event,summary,tensor}.proto and
// plugins/hparams/*.proto.
enum Status { success = 1, failure = 2 };
enum DataType { text_type = 1, number_type = 3 };
enum DatasetType { training = 1, validation = 2 };

// A column of the HParams page.
struct Shown {
  std::string tag, title;
  DatasetType of;
};

// The metric that ranks and the loss.
std::vector<Shown> shown_metrics(const Problem& problem) {
  std::vector<Shown> out;
  for (const std::string& name : problem.metric == "loss" ? Names{"loss"} : Names{problem.metric, "loss"}) {
    out.push_back({"best/" + name,
                   name == problem.metric ? "best validation " + name : name + " at that epoch", validation});
    out.push_back({"validation/" + name, "validation " + name + ", last epoch", validation});
  }
  out.push_back({"train/loss", "training loss, last epoch", training});
  return out;
}

std::string event(double wall_time, const Message& value) {
  return tfrecord(Message().number(1, wall_time).message(5, Message().message(1, value)).bytes());
}

// A google.protobuf.Value; a whole number is a number.
Message value_of(const Json& value) {
  if (value.is_string()) return Message().text(3, value.get<std::string>());
  return Message().number(2, value.get<double>());
}

// HParamsPluginData of version 0 in the metadata of a value whose tensor is empty.
std::string hparams_event(double wall_time, const char* tag, int field, const Message& data) {
  const Message no_tensor = Message().whole(1, 1).message(2, Message().message(2, Message()));
  const Message plugin = Message().text(1, "hparams").text(2, Message().message(field, data).bytes());
  return event(wall_time,
               Message().text(1, tag).message(8, no_tensor).message(9, Message().message(1, plugin)));
}

Message parameter_info(const std::string& name, const std::vector<Json>& values) {
  Message list;
  for (const Json& value : values) list.message(1, value_of(value));
  return Message()
      .text(1, name)
      .whole(4, values.front().is_string() ? text_type : number_type)
      .message(5, list);
}

Message metric_info(const Shown& metric) {
  return Message().message(1, Message().text(2, metric.tag)).text(3, metric.title).whole(5, metric.of);
}

Message experiment(const study::Study& study, const std::vector<StoredTrial>& trials, double created) {
  std::map<std::string, std::vector<Json>> seen;  // distinct values, in order of appearance
  for (const StoredTrial& stored : trials) {
    for (const auto& [name, value] : study::parameters(stored.trial.config))
      if (std::ranges::find(seen[name], value) == seen[name].end()) seen[name].push_back(value);
  }
  Message out;
  out.text(1, study.command).number(3, created);
  for (const auto& [name, values] : seen) out.message(4, parameter_info(name, values));
  for (const Shown& metric : shown_metrics(study::problem_of(study))) out.message(5, metric_info(metric));
  return out.text(6, study.name);
}

// The text of a chain contains characters that must not occur in a folder's name.
std::string run_name(const study::Trial& trial) {
  std::string optimizer = trial.config.optimizer;
  for (char& c : optimizer)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '.') c = '-';
  return "trial-" + std::to_string(trial.number) + "-" + optimizer;
}

Message session_start(const StoredTrial& stored, const std::string& group) {
  Message out;
  for (const auto& [name, value] : study::parameters(stored.trial.config))
    out.message(1, Message().text(1, name).message(2, value_of(value)));
  return out.text(4, group).number(5, stored.started);
}

Message session_end(const StoredTrial& stored) {
  Message out;
  out.whole(1, stored.result.state == State::complete ? success : failure);
  return out.number(2, stored.ended);
}

bool has_ended(const StoredTrial& stored) {
  return stored.result.state != State::waiting && stored.result.state != State::running;
}

// The events of one trial, in chronological order.
class Run {
 public:
  Run(const StoredTrial& stored, const std::string& group) : stored_(stored) {
    bytes_ = version_event(stored.started);
    bytes_ += hparams_event(stored.started, "_hparams_/session_start_info", 3, session_start(stored, group));
    for (const study::Epoch& epoch : stored.curve) add(epoch);
    if (has_ended(stored)) add_end();
  }
  const std::string& bytes() const { return bytes_; }

 private:
  // The scores first, one group each. Training time is the time of the events.
  void add(const study::Epoch& e) {
    const double at = stored_.started + e.seconds;
    for_each_member(e, [&](auto field, const auto& value) {
      if constexpr (field.is(trait::flat)) scores(at, e.epoch, field.name, value);
    });
    for_each_member(e, [&](auto field, const auto& value) {
      if constexpr (std::is_same_v<decltype(value), const double&> && !field.is(trait::measured))
        scalar(at, e.epoch, field.name, value);
    });
  }
  void add_end() {
    const study::Result& result = stored_.result;
    scores(stored_.ended, result.best_epoch, "best", result.validation);
    if (stored_.test) scores(stored_.ended, result.best_epoch, "test", *stored_.test);
    bytes_ += hparams_event(stored_.ended, "_hparams_/session_end_info", 4, session_end(stored_));
  }
  void scores(double wall_time, int epoch, std::string_view group, const Score& score) {
    for (const auto& [name, value] : score) scalar(wall_time, epoch, std::string(group) + "/" + name, value);
  }
  void scalar(double wall_time, int epoch, std::string_view tag, double value) {
    if (std::isfinite(value)) bytes_ += scalar_event(wall_time, epoch, tag, value);
  }

  const StoredTrial& stored_;
  std::string bytes_;
};

// "2026-01-31T12:00:00Z", the creation time of a study; 0 for anything else.
double seconds_of(const std::string& created) {
  int year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (std::sscanf(created.c_str(), "%d-%u-%uT%u:%u:%uZ", &year, &month, &day, &hour, &minute, &second) != 6)
    return 0;
  const std::chrono::sys_days date =
      std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
  return static_cast<double>(date.time_since_epoch().count()) * 86400 + hour * 3600 + minute * 60 + second;
}

// Ten digits, so that names sort by time.
std::string file_name(double seconds) {
  std::string digits = std::to_string(static_cast<long long>(seconds));
  digits.insert(0, digits.size() < 10 ? 10 - digits.size() : 0, '0');
  return "events.out.tfevents." + digits + ".basin";
}

// Returns the run of the first replicate of its configuration.
std::string group_of(const StoredTrial& stored, const std::vector<StoredTrial>& trials) {
  const auto first = std::ranges::find(trials, stored.trial.config,
                                       [](const StoredTrial& other) { return other.trial.config; });
  return run_name(first->trial);
}

}  // namespace

std::string version_event(double wall_time) {
  return tfrecord(Message().number(1, wall_time).text(3, "brain.Event:2").bytes());
}

std::string scalar_event(double wall_time, std::int64_t step, std::string_view tag, double value) {
  const Message scalar = Message().text(1, tag).number(2, static_cast<float>(value));
  return tfrecord(
      Message().number(1, wall_time).whole(2, step).message(5, Message().message(1, scalar)).bytes());
}

std::vector<EventFile> event_files(const study::Study& study, const std::vector<StoredTrial>& trials) {
  const double created = seconds_of(study.created);
  const std::string name = file_name(created);
  std::vector<EventFile> out{
      {name, version_event(created) +
                 hparams_event(created, "_hparams_/experiment", 2, experiment(study, trials, created))}};
  for (const StoredTrial& stored : trials) {
    if (!std::isfinite(stored.started)) continue;
    out.push_back({run_name(stored.trial) + "/" + name, Run(stored, group_of(stored, trials)).bytes()});
  }
  return out;
}

}  // namespace basin::report
