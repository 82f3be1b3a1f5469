// JSON of the study's words. A key that is not known is ignored, so that an older reader takes what a newer
// writer adds.
#include "basin/study/trial.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <nlohmann/json.hpp>
#include <utility>

#include "basin/core/error.hpp"

namespace basin::study {
namespace {

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

// Reads the keys of one object. Throws InputError, "trial: 'number' is missing".
class Fields {
 public:
  Fields(const Json& object, const char* what) : object_(object), what_(what) {
    if (!object.is_object()) throw InputError(what_ + ": wanted an object, found " + object.type_name());
  }
  template <class T>
  Fields& need(const char* key, T& out) {
    if (!object_.contains(key)) throw InputError(what_ + ": '" + key + "' is missing");
    read(key, object_.at(key), out);
    return *this;
  }
  // Leaves `out` as it is when the key is missing.
  template <class T>
  Fields& may(const char* key, T& out) {
    if (const auto found = object_.find(key); found != object_.end()) read(key, *found, out);
    return *this;
  }

 private:
  [[noreturn]] void wrong(const char* key, const char* wanted, const Json& found) const {
    throw InputError(what_ + ": '" + key + "' must be " + wanted + ", it is " + found.dump());
  }
  void read(const char* key, const Json& j, double& out) const {
    if (!j.is_number() && !j.is_null()) wrong(key, "a number or null", j);
    out = j.is_null() ? not_known : j.get<double>();
  }
  template <std::integral T>
  void read(const char* key, const Json& j, T& out) const {
    const bool fits = j.is_number_unsigned()
                          ? std::in_range<T>(j.get<std::uint64_t>())
                          : j.is_number_integer() && std::in_range<T>(j.get<std::int64_t>());
    if (!fits) wrong(key, std::is_signed_v<T> ? "a whole number" : "a whole number of 0 or more", j);
    out = j.get<T>();
  }
  void read(const char* key, const Json& j, std::string& out) const {
    if (!j.is_string()) wrong(key, "a string", j);
    out = j.get<std::string>();
  }
  void read(const char* key, const Json& j, State& out) const;
  void read(const char*, const Json& j, Patience& out) const {
    Fields(j, "patience").need("epochs", out.epochs);
  }
  void read(const char*, const Json& j, Plateau& out) const {
    Fields(j, "plateau")
        .need("factor", out.factor)
        .need("patience", out.patience)
        .may("dialect", out.dialect);
  }
  template <class T>
  void read(const char* key, const Json& j, std::map<std::string, T>& out) const {
    if (!j.is_object()) wrong(key, "an object", j);
    out.clear();
    for (const auto& [name, value] : j.items()) read(name.c_str(), value, out[name]);
  }
  template <class T>
  void read(const char* key, const Json& j, std::optional<T>& out) const {
    if (j.is_null()) {
      out.reset();
    } else {
      read(key, j, out.emplace());
    }
  }
  template <class T>
  void read(const char*, const Json& j, T& out) const {
    from_json(j, out);
  }

  const Json& object_;
  std::string what_;
};

constexpr std::array<std::pair<State, const char*>, 5> state_names{{{State::waiting, "waiting"},
                                                                    {State::running, "running"},
                                                                    {State::complete, "complete"},
                                                                    {State::diverged, "diverged"},
                                                                    {State::failed, "failed"}}};

void Fields::read(const char* key, const Json& j, State& out) const {
  const auto found = std::ranges::find_if(state_names, [&](const auto& s) { return j == s.second; });
  if (found == state_names.end()) wrong(key, "waiting, running, complete, diverged or failed", j);
  out = found->first;
}

}  // namespace

std::string name_of(State state) { return state_names.at(static_cast<std::size_t>(state)).second; }

std::map<std::string, Json> parameters(const Configuration& config) {
  std::map<std::string, Json> out{{"optimizer", config.optimizer}, {"batch_size", config.batch_size}};
  for (const Worded& w : worded) out[std::string(w.name)] = config.*w.text;
  for (const auto& [name, value] : config.knobs)
    out[name == "lr" ? name : config.optimizer + "." + name] = value;
  return out;
}

void to_json(Json& j, const Configuration& c) {
  Json knobs = Json::object();
  for (const auto& [name, value] : c.knobs) knobs[name] = number(value);
  j = {{"optimizer", c.optimizer}, {"knobs", knobs}, {"batch_size", c.batch_size}};
  for (const Worded& w : worded) j[std::string(w.name)] = c.*w.text;
}
void from_json(const Json& j, Configuration& c) {
  Fields fields(j, "configuration");
  fields.need("optimizer", c.optimizer).need("knobs", c.knobs).need("batch_size", c.batch_size);
  for (const Worded& w : worded)  // a store lacks those that came after it
    fields.may(std::string(w.name).c_str(), c.*w.text);
}

void to_json(Json& j, const Settings& s) {
  j = {{"problem", s.problem},         {"seed", s.seed},
       {"epochs", s.epochs},           {"train_size", s.train_size},
       {"micro_batch", s.micro_batch}, {"patience", nullptr},
       {"plateau", nullptr},           {"threads", s.threads}};
  if (s.patience) j["patience"] = {{"epochs", s.patience->epochs}};
  if (s.plateau)
    j["plateau"] = {{"factor", number(s.plateau->factor)},
                    {"patience", s.plateau->patience},
                    {"dialect", s.plateau->dialect}};
  if (!s.checksums.empty()) j["checksums"] = s.checksums;
}
void from_json(const Json& j, Settings& s) {
  Fields(j, "settings")
      .need("problem", s.problem)
      .need("seed", s.seed)
      .need("epochs", s.epochs)
      .may("train_size", s.train_size)
      .may("micro_batch", s.micro_batch)
      .may("patience", s.patience)
      .may("plateau", s.plateau)
      .may("threads", s.threads)
      .may("checksums", s.checksums);
}

void to_json(Json& j, const Trial& t) {
  j = {{"number", t.number}, {"config", t.config}, {"replicate", t.replicate}, {"factor", t.factor}};
}
void from_json(const Json& j, Trial& t) {
  Fields(j, "trial")
      .need("number", t.number)
      .need("config", t.config)
      .need("replicate", t.replicate)
      .need("factor", t.factor);
}

void to_json(Json& j, const Epoch& e) {
  j = {{"epoch", e.epoch},
       {"seconds", number(e.seconds)},
       {"lr", number(e.lr)},
       {"train_loss", number(e.train_loss)},
       {"train_accuracy", number(e.train_accuracy)},
       {"validation_loss", number(e.validation_loss)},
       {"validation_accuracy", number(e.validation_accuracy)}};
}
void from_json(const Json& j, Epoch& e) {
  Fields(j, "epoch")
      .need("epoch", e.epoch)
      .need("seconds", e.seconds)
      .need("lr", e.lr)
      .may("train_loss", e.train_loss)
      .may("train_accuracy", e.train_accuracy)
      .may("validation_loss", e.validation_loss)
      .may("validation_accuracy", e.validation_accuracy);
}

void to_json(Json& j, const Progress& p) {
  j = {{"epoch", p.epoch},
       {"epochs", p.epochs},
       {"batch", p.batch},
       {"batches", p.batches},
       {"loss", number(p.loss)},
       {"accuracy", number(p.accuracy)},
       {"images_per_second", number(p.images_per_second)}};
}
void from_json(const Json& j, Progress& p) {
  Fields(j, "progress")
      .need("epoch", p.epoch)
      .need("epochs", p.epochs)
      .need("batch", p.batch)
      .need("batches", p.batches)
      .may("loss", p.loss)
      .may("accuracy", p.accuracy)
      .may("images_per_second", p.images_per_second);
}

void to_json(Json& j, const Phases& p) {
  j = {{"data", number(p.data)},
       {"forward", number(p.forward)},
       {"backward", number(p.backward)},
       {"optimizer", number(p.optimizer)},
       {"evaluation", number(p.evaluation)}};
}
void from_json(const Json& j, Phases& p) {
  Fields(j, "phases")
      .may("data", p.data)
      .may("forward", p.forward)
      .may("backward", p.backward)
      .may("optimizer", p.optimizer)
      .may("evaluation", p.evaluation);
}

void to_json(Json& j, const Result& r) {
  j = {{"state", name_of(r.state)},
       {"reason", r.reason},
       {"best_epoch", r.best_epoch},
       {"validation_loss", number(r.validation_loss)},
       {"validation_accuracy", number(r.validation_accuracy)},
       {"seconds", number(r.seconds)},
       {"steps", r.steps},
       {"state_bytes", r.state_bytes},
       {"optimizer_ms", number(r.optimizer_ms)},
       {"images_per_second", number(r.images_per_second)},
       {"phases", r.phases}};
}
void from_json(const Json& j, Result& r) {
  Fields(j, "result")
      .need("state", r.state)
      .may("reason", r.reason)
      .need("best_epoch", r.best_epoch)
      .may("validation_loss", r.validation_loss)
      .may("validation_accuracy", r.validation_accuracy)
      .may("seconds", r.seconds)
      .may("steps", r.steps)
      .may("state_bytes", r.state_bytes)
      .may("optimizer_ms", r.optimizer_ms)
      .may("images_per_second", r.images_per_second)
      .may("phases", r.phases);
}

void to_json(Json& j, const TestResult& t) {
  j = {{"loss", number(t.loss)}, {"accuracy", number(t.accuracy)}};
}
void from_json(const Json& j, TestResult& t) {
  Fields(j, "test result").need("loss", t.loss).need("accuracy", t.accuracy);
}

}  // namespace basin::study
