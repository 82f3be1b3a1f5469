// The records of a trial: what it is asked to do and its result. The command, the store, the workers and the
// report share them; their JSON is their form on the wire and on disk. A new field is one line here.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basin/records/training.hpp"

namespace basin::study {

using Json = nlohmann::json;

// Also known by these names.
using basin::Epoch;
using basin::not_known;
using basin::Progress;

using Numbers = std::map<std::string, double>;
using Texts = std::map<std::string, std::string>;

// What distinguishes one arm, or one point of its tuning, from another.
struct Configuration {
  BASIN_RECORD(Configuration, "configuration")
  BASIN_FIELD(std::string, optimizer, required, "a rule of rules.hpp, or a chain: adam") = {};
  BASIN_FIELD(Numbers, knobs, required, "by name, lr too; an absent one has its default") = {};
  BASIN_FIELD(std::int64_t, batch_size, required, "in examples") = 64;
  BASIN_FIELD(std::string, init, words, "network/initializers.hpp") = "default";
  BASIN_FIELD(std::string, schedule, words, "schedules/text.hpp") = "constant";
  BASIN_FIELD(std::string, regularize, words, "network/regularization.hpp") = "none";
  BASIN_FIELD(std::string, augment, words, "data/augmentation.hpp") = "none";
  BASIN_FIELD(std::string, normalize, words, "on: mean 0, variance 1; off: in [0, 1]") = "on";
  BASIN_FIELD(std::string, groups, words, "network/groups.hpp") = "none";
  BASIN_FIELD(Texts, values, unless_empty, "categories of a program's space, by name") = {};
  bool operator==(const Configuration&) const = default;
};

// The settings that are words. Each is a factor of a comparison.
struct Worded {
  std::string_view name;  // of the factor, of its option, of its column
  std::string Configuration::* text;
};
inline constexpr auto worded = [] {
  constexpr auto fields = fields_of<Configuration>();
  constexpr auto count =
      std::apply([](auto... f) { return (std::size_t{f.is(trait::words)} + ...); }, fields);
  std::array<Worded, count> out{};
  std::size_t i = 0;
  const auto take = [&](auto field) {
    if constexpr (field.is(trait::words)) out[i++] = {field.name, field.member};
  };
  std::apply([&](auto... field) { (take(field), ...); }, fields);
  return out;
}();
// Calls visit(name, value) for each setting that has a name of its own: batch_size, init, schedule ...
template <class Visit>
void for_each_setting(const Configuration& config, Visit&& visit) {
  for_each_leaf(config, [&](const Leaf& leaf, auto, const auto& value) {
    if constexpr (!ValuesByName<std::remove_cvref_t<decltype(value)>>)
      if (leaf.name != "optimizer") visit(leaf.name, value);
  });
}
// The default.
inline const std::string& usual(const Worded& w) {
  static const Configuration configuration;
  return configuration.*w.text;
}

// Keras's EarlyStopping on the validation loss.
struct Patience {
  BASIN_RECORD(Patience, "patience")
  BASIN_FIELD(int, epochs, required, "epochs without improvement before training stops") = 0;
  bool operator==(const Patience&) const = default;
};

// ReduceLROnPlateau on the validation loss.
struct Plateau {
  BASIN_RECORD(Plateau, "plateau")
  BASIN_FIELD(double, factor, required, "multiplies the rate") = 0.1;
  BASIN_FIELD(int, patience, required, "epochs without improvement") = 10;
  BASIN_FIELD(std::string, dialect, plain, "keras or pytorch") = "keras";
  bool operator==(const Plateau&) const = default;
};

// What every trial of a study has alike: the budget, the data, the callbacks.
struct Settings {
  BASIN_RECORD(Settings, "settings")
  BASIN_FIELD(std::string, problem, required, "by name: fmnist-cnn") = {};
  BASIN_FIELD(std::uint64_t, seed, required, "of the study; (seed, replicate) keys a trial's randomness") = 1;
  BASIN_FIELD(int, epochs, required, "of each trial") = 1;
  BASIN_FIELD(std::int64_t, train_size, plain, "training images used; 0 for all") = 0;
  BASIN_FIELD(std::int64_t, micro_batch, plain, "examples run at once; 0 for the whole batch") = 0;
  BASIN_FIELD(std::optional<Patience>, patience, plain, "early stopping") = {};
  BASIN_FIELD(std::optional<Plateau>, plateau, plain, "lowers the rate") = {};
  BASIN_FIELD(int, threads, plain, "of one trial") = 1;
  BASIN_FIELD(Texts, checksums, unless_empty | by_parts, "CRC-32 of each part of the data, if known") = {};
  bool operator==(const Settings&) const = default;
};

// One training run of one configuration with one seed.
struct Trial {
  BASIN_RECORD(Trial, "trial")
  BASIN_FIELD(int, number, required, "position in the study's list, from 0; decides nothing but order") = 0;
  BASIN_FIELD(Configuration, config, required, "what the trial runs") = {};
  BASIN_FIELD(int, replicate, required, "counts from 0; the same for all arms, which are paired") = 0;
  // base, lr, batch_size, a name of `worded`, a knob's, or grid; default and search in a search (search.hpp).
  BASIN_FIELD(std::string, factor, required, "what this configuration varies") = "base";
  bool operator==(const Trial&) const = default;
};

enum class State { waiting, running, complete, diverged, failed, pruned };
constexpr auto names_of(State) {
  return std::array{"waiting", "running", "complete", "diverged", "failed", "pruned"};
}
inline std::string name_of(State state) { return names_of(state).at(static_cast<std::size_t>(state)); }

// Where the time of a trial went, in seconds.
struct Phases {
  BASIN_RECORD(Phases, "phases")
  BASIN_FIELD(double, data, measured, "s, gathering batches") = 0;
  BASIN_FIELD(double, forward, measured, "s") = 0;
  BASIN_FIELD(double, backward, measured, "s") = 0;
  BASIN_FIELD(double, optimizer, measured, "s, the step and zeroing gradients") = 0;
  BASIN_FIELD(double, evaluation, measured, "s") = 0;
};

// What came of a trial. `best_epoch` is the epoch with the best validation metric; its weights are the
// trial's weights.
struct Result {
  BASIN_RECORD(Result, "result")
  BASIN_FIELD(State, state, required, "of the trial") = State::waiting;
  BASIN_FIELD(std::string, reason, plain, "why it failed, diverged or stopped early; otherwise empty") = {};
  BASIN_FIELD(int, best_epoch, required, "0 if no epoch was completed") = 0;
  BASIN_FIELD(Score, validation, flat, "at best_epoch") = {};
  BASIN_FIELD(double, seconds, measured, "of training") = 0;
  BASIN_FIELD(std::int64_t, steps, plain, "taken by the optimizer") = 0;
  BASIN_FIELD(std::int64_t, state_bytes, plain, "held by the optimizer") = 0;
  BASIN_FIELD(double, optimizer_ms, measured, "mean duration of a step") = not_known;
  BASIN_FIELD(double, images_per_second, measured, "of training") = not_known;
  BASIN_FIELD(Phases, phases, measured, "where the time went") = {};
};

// The test split, seen by the weights of one trial.
using TestResult = Score;

// The configuration of a program has no batch size of ours: its parameters have names of their own, and stand
// in knobs and values.
inline bool is_program(const Configuration& config) { return config.batch_size == 0; }

// Returns the name of a knob among all optimizers: "lr" for the rate, which all have, else "adam.beta2".
std::string qualified(const std::string& optimizer, const std::string& knob);
// The same for a configuration; the parameters of a program have plain names.
std::string qualified(const Configuration& config, const std::string& knob);

// The settings of a configuration by the names that other programs see: lr, batch_size, init, adam.beta2.
// Text stands for a category, a whole number for a count, any other number for a quantity.
std::map<std::string, Json> parameters(const Configuration& config);

}  // namespace basin::study
