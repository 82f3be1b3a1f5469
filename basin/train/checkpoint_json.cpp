#include "basin/train/checkpoint_json.hpp"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"

namespace basin::train {
namespace {

using Json = nlohmann::json;

Json number(double value) {
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
double number_of(const Json& json) {
  if (json == "nan") return std::nan("");
  if (json == "inf") return INFINITY;
  if (json == "-inf") return -INFINITY;
  return json.get<double>();
}

template <class Range>
Json numbers(const Range& values) {
  Json out = Json::array();
  for (const double value : values) out.push_back(number(value));
  return out;
}
std::vector<double> numbers_of(const Json& json) {
  std::vector<double> out;
  for (const Json& value : json) out.push_back(number_of(value));
  return out;
}

// --- the curve and its sums

Json json_of(const Score& s) { return {number(s.loss), number(s.accuracy)}; }
Score score_of(const Json& j) { return {number_of(j.at(0)), number_of(j.at(1))}; }

Json json_of(const Row& row) {
  return {{"epoch", row.epoch},
          {"seconds", number(row.seconds)},
          {"lr", number(row.lr)},
          {"train", json_of(row.train)},
          {"validation", json_of(row.validation)}};
}
Row row_of(const Json& j) {
  return {j.at("epoch").get<int>(), number_of(j.at("seconds")), number_of(j.at("lr")),
          score_of(j.at("train")), score_of(j.at("validation"))};
}

constexpr std::array phases{&Phases::data,      &Phases::forward,    &Phases::backward,
                            &Phases::optimizer, &Phases::evaluation, &Phases::checkpoints};

Json json_of(const Fit& fit) {
  Json rows = Json::array(), seconds = Json::array();
  for (const Row& row : fit.rows) rows.push_back(json_of(row));
  for (const auto phase : phases) seconds.push_back(number(fit.phases.*phase));
  return {{"rows", rows},
          {"best_epoch", fit.best_epoch},
          {"steps", fit.steps},
          {"images", fit.images},
          {"phases", seconds}};
}
Fit fit_of(const Json& j) {
  Fit out;
  for (const Json& row : j.at("rows")) out.rows.push_back(row_of(row));
  j.at("best_epoch").get_to(out.best_epoch);
  j.at("steps").get_to(out.steps);
  j.at("images").get_to(out.images);
  for (std::size_t i = 0; i < phases.size(); ++i) out.phases.*phases[i] = number_of(j.at("phases").at(i));
  if (out.best_epoch < 0 || out.best_epoch > static_cast<int>(out.rows.size()))
    throw InputError("a best epoch that is not among its rows");
  return out;
}

Json json_of(const Position& p) {
  return {{"epoch", p.epoch},           {"batch", p.batch},
          {"lr", number(p.lr)},         {"loss", number(p.tally.loss)},
          {"correct", p.tally.correct}, {"examples", p.tally.examples}};
}
Position position_of(const Json& j) {
  Position out{j.at("epoch").get<int>(), j.at("batch").get<std::int64_t>(), number_of(j.at("lr")), {}};
  out.tally = {number_of(j.at("loss")), j.at("correct").get<std::int64_t>(),
               j.at("examples").get<std::int64_t>()};
  if (out.epoch < 1 || out.batch < 0) throw InputError("a position that no run has");
  return out;
}

// --- what remembers from step to step

Json json_of(const std::optional<CallbackState>& s) {
  if (!s) return nullptr;
  return {{"best", s->best ? number(*s->best) : Json()},
          {"waited", s->waited},
          {"cooldown", s->cooldown},
          {"epoch", s->epoch}};
}
std::optional<CallbackState> callback_of(const Json& j) {
  if (j.is_null()) return std::nullopt;
  CallbackState out{{}, j.at("waited").get<int>(), j.at("cooldown").get<int>(), j.at("epoch").get<int>()};
  if (!j.at("best").is_null()) out.best = number_of(j.at("best"));
  return out;
}

Json json_of(const optim::Scheduler::State& s) {
  Json bases = Json::array();
  for (const auto& of_groups : s.bases) bases.push_back(numbers(of_groups));
  return {{"schedules", s.schedules}, {"steps", s.steps}, {"bases", bases}};
}
optim::Scheduler::State schedule_of(const Json& j) {
  optim::Scheduler::State out{j.at("schedules").get<std::string>(), j.at("steps").get<std::int64_t>(), {}};
  for (const Json& bases : j.at("bases")) out.bases.push_back(numbers_of(bases));
  return out;
}

Json json_of(const optim::NamedState& s) {
  Json groups = Json::array(), parameters = Json::object();
  for (const auto& group : s.groups) {
    Json knobs = Json::object();
    for (const auto& [knob, value] : group.knobs) knobs[knob] = number(value);
    groups.push_back({{"chain", group.chain}, {"knobs", knobs}, {"parameters", group.parameters}});
  }
  for (const auto& [name, parameter] : s.parameters) {
    Json slots = Json::array();
    for (const auto& [slot, tensor] : parameter.slots) slots.push_back(slot);
    parameters[name] = {{"step", parameter.step}, {"numbers", numbers(parameter.numbers)}, {"slots", slots}};
  }
  return {{"groups", groups},
          {"parameters", parameters},
          {"mode", s.mode == Mode::eval ? "eval" : "train"},
          {"skipped", s.skipped}};
}
optim::NamedState optimizer_of(const Json& j) {
  optim::NamedState out;
  for (const Json& group : j.at("groups")) {
    auto& to = out.groups.emplace_back();
    group.at("chain").get_to(to.chain);
    for (const auto& [knob, value] : group.at("knobs").items()) to.knobs[knob] = number_of(value);
    group.at("parameters").get_to(to.parameters);
  }
  for (const auto& [name, parameter] : j.at("parameters").items()) {
    auto& to = out.parameters[name];
    parameter.at("step").get_to(to.step);
    to.numbers = numbers_of(parameter.at("numbers"));
    for (const Json& slot : parameter.at("slots")) to.slots[slot.get<std::string>()];
  }
  out.mode = j.at("mode") == "eval" ? Mode::eval : Mode::train;
  j.at("skipped").get_to(out.skipped);
  return out;
}

Json json_of(const std::optional<optim::WeightAverage::State>& s) {
  if (!s) return nullptr;
  return {{"updates", s->updates},
          {"averaged", s->averaged},
          {"swapped", s->swapped},
          {"parameters", s->averages.size()}};
}
std::optional<optim::WeightAverage::State> average_of(const Json& j) {
  if (j.is_null()) return std::nullopt;
  const auto count = j.at("parameters").get<std::size_t>();
  if (count > 1'000'000) throw InputError("a mean of more parameters than a file of tensors holds");
  return optim::WeightAverage::State{j.at("updates").get<std::int64_t>(),
                                     j.at("averaged").get<std::int64_t>(), j.at("swapped").get<bool>(),
                                     std::vector<torch::Tensor>(count)};
}

Checkpoint read(const Json& j) {
  Checkpoint out;
  j.at("run").get_to(out.run);
  j.at("machine").get_to(out.machine);
  out.position = position_of(j.at("position"));
  out.fit = fit_of(j.at("fit"));
  out.stopping = callback_of(j.at("early_stopping"));
  out.plateau = callback_of(j.at("plateau"));
  out.schedule = schedule_of(j.at("schedule"));
  out.optimizer = optimizer_of(j.at("optimizer"));
  out.average = average_of(j.at("average"));
  return out;
}

}  // namespace

Json json_of(const Checkpoint& c) {
  return {{"run", c.run},
          {"machine", c.machine},
          {"position", json_of(c.position)},
          {"fit", json_of(c.fit)},
          {"early_stopping", json_of(c.stopping)},
          {"plateau", json_of(c.plateau)},
          {"schedule", json_of(c.schedule)},
          {"optimizer", json_of(c.optimizer)},
          {"average", json_of(c.average)}};
}

Checkpoint checkpoint_of(const Json& json) {
  try {
    return read(json);
  } catch (const Json::exception& e) {
    throw InputError(std::string("its state is not that of a checkpoint: ") + e.what());
  }
}

}  // namespace basin::train
