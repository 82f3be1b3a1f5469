#include "basin/train/checkpoint_json.hpp"

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

// --- records, as objects; a record within a record is a list of its values

template <class T>
Json value_as_json(const T& value);
template <class T>
void read(const Json& json, T& out);

template <class T>
Json map_of(const std::map<std::string, T>& values) {
  Json out = Json::object();
  for (const auto& [name, value] : values) out[name] = value_as_json(value);
  return out;
}

template <Record R>
Json list_of(const R& record) {
  Json out = Json::array();
  for_each_leaf(record, [&](const Leaf&, auto, const auto& value) { out.push_back(value_as_json(value)); });
  return out;
}
// A list that an older basin wrote is shorter.
template <Record R>
void read_list(const Json& json, R& out) {
  std::size_t i = 0;
  for_each_leaf(out, [&](const Leaf&, auto, auto& value) {
    if (i < json.size()) read(json.at(i++), value);
  });
}

template <Record R>
Json json_of(const R& record) {
  Json out = Json::object();
  for_each_member(record, [&](auto field, const auto& value) {
    if constexpr (field.is(trait::inlined))
      out.update(json_of(value));
    else
      out[std::string(field.name)] = value_as_json(value);
  });
  return out;
}
template <Record R>
void read_record(const Json& json, R& out) {
  for_each_member(out, [&](auto field, auto& value) {
    if constexpr (field.is(trait::inlined))
      read_record(json, value);
    else if (const auto found = json.find(field.name); found != json.end())
      read(*found, value);
    else if (field.is(trait::required))
      throw InputError(std::string(R::record_name) + " without '" + std::string(field.name) + "'");
  });
}

template <class T>
Json value_as_json(const T& value) {
  if constexpr (std::is_same_v<T, double>)
    return number(value);
  else if constexpr (std::is_same_v<T, std::optional<double>>)
    return value ? number(*value) : Json();
  else if constexpr (Record<T>)
    return list_of(value);
  else if constexpr (std::is_same_v<T, std::vector<double>>)
    return numbers(value);
  else if constexpr (requires { typename T::mapped_type; })
    return map_of(value);
  else
    return value;
}
template <class T>
void read(const Json& json, T& out) {
  if constexpr (std::is_same_v<T, double>)
    out = number_of(json);
  else if constexpr (std::is_same_v<T, std::optional<double>>)
    out = json.is_null() ? std::nullopt : std::optional(number_of(json));
  else if constexpr (Record<T>)
    read_list(json, out);
  else if constexpr (std::is_same_v<T, std::vector<double>>)
    out = numbers_of(json);
  else if constexpr (requires { typename T::mapped_type; })
    for (const auto& [name, value] : json.items()) read(value, out[name]);
  else
    json.get_to(out);
}

// --- the curve and its sums

Json json_of(const Fit& fit) {
  Json rows = Json::array();
  for (const Row& row : fit.rows) rows.push_back(json_of(row));
  return {{"rows", rows},
          {"best_epoch", fit.best_epoch},
          {"steps", fit.steps},
          {"images", fit.images},
          {"phases", list_of(fit.phases)}};
}
Fit fit_of(const Json& j) {
  Fit out;
  for (const Json& row : j.at("rows")) read_record(row, out.rows.emplace_back());
  j.at("best_epoch").get_to(out.best_epoch);
  j.at("steps").get_to(out.steps);
  j.at("images").get_to(out.images);
  read_list(j.at("phases"), out.phases);
  if (out.best_epoch < 0 || out.best_epoch > static_cast<int>(out.rows.size()))
    throw InputError("a best epoch that is not among its rows");
  return out;
}

Position position_of(const Json& j) {
  Position out;
  read_record(j, out);
  if (out.epoch < 1 || out.batch < 0) throw InputError("a position that no run has");
  return out;
}

Sums sums_of(const Json& j) {
  Sums out;
  read_record(j, out);
  return out;
}

// --- what remembers from step to step

Json json_of(const std::optional<CallbackState>& s) { return s ? json_of(*s) : Json(); }
std::optional<CallbackState> callback_of(const Json& j) {
  if (j.is_null()) return std::nullopt;
  CallbackState out;
  read_record(j, out);
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
  out.sums = sums_of(j.at("sums"));
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
          {"sums", json_of(c.sums)},
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
