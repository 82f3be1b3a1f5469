// What a trial is asked to do and what comes of it: the words that the command, the store, the workers and
// the report share. Every type here converts to and from JSON (trial.cpp), which is also its form on the wire
// and on disk.
#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basin::study {

using Json = nlohmann::json;

// What distinguishes one arm, or one point of its tuning, from another.
struct Configuration {
  std::string optimizer;  // a name of rules.hpp: "adam"
  // By the knob's name, "lr" among them; a knob that is absent has its default.
  std::map<std::string, double> knobs;
  std::int64_t batch_size = 64;
  // Each in the words of a small language, which the header names.
  std::string init = "default";       // network/initializers.hpp
  std::string schedule = "constant";  // schedules/text.hpp
  std::string regularize = "none";    // network/regularization.hpp
  std::string augment = "none";       // data/augmentation.hpp
  std::string normalize = "on";       // on or off: inputs of mean 0 and variance 1, or in [0, 1]
  std::string groups = "none";        // network/groups.hpp
  bool operator==(const Configuration&) const = default;
};

// The settings that are words: each a factor of a comparison, as the rates are. A new one is a field and a
// line.
struct Worded {
  std::string_view name;  // of the factor, of its option, of its column
  std::string Configuration::* text;
};
inline constexpr std::array worded{Worded{"init", &Configuration::init},
                                   Worded{"schedule", &Configuration::schedule},
                                   Worded{"regularize", &Configuration::regularize},
                                   Worded{"augment", &Configuration::augment},
                                   Worded{"normalize", &Configuration::normalize},
                                   Worded{"groups", &Configuration::groups}};
// What a configuration says that nobody asked.
inline const std::string& usual(const Worded& w) {
  static const Configuration configuration;
  return configuration.*w.text;
}

// Keras's EarlyStopping on the validation loss.
struct Patience {
  int epochs = 0;
  bool operator==(const Patience&) const = default;
};

// ReduceLROnPlateau on the validation loss.
struct Plateau {
  double factor = 0.1;
  int patience = 10;
  std::string dialect = "keras";  // or "pytorch"
  bool operator==(const Plateau&) const = default;
};

// What every trial of a study has alike: the budget, the data, the callbacks.
struct Settings {
  std::string problem;     // "fmnist-cnn"
  std::uint64_t seed = 1;  // of the study; the randomness of a trial is keyed by (seed, replicate) alone
  int epochs = 1;
  std::int64_t train_size = 0;  // images of the training split that are used; 0 for all
  std::int64_t micro_batch =
      0;  // examples that are run at once, their gradients added up to a batch; 0 for a whole batch
  std::optional<Patience> patience;
  std::optional<Plateau> plateau;
  int threads = 1;  // of one trial
  // CRC-32 of the parts of the data, as text by their names; empty where nobody took them.
  std::map<std::string, std::string> checksums = {};
  bool operator==(const Settings&) const = default;
};

// One training run of one configuration with one seed.
struct Trial {
  int number = 0;  // position in the study's list of trials, from 0; decides nothing but the order
  Configuration config;
  int replicate = 0;  // from 0; shared by all arms, so that they are paired
  std::string factor =
      "base";  // what this configuration varies: base, lr, batch_size, a name of `worded`, a knob's, or grid
  bool operator==(const Trial&) const = default;
};

inline constexpr double not_known = std::numeric_limits<double>::quiet_NaN();  // null in JSON

// One point of the curves.
struct Epoch {
  int epoch = 0;       // from 1
  double seconds = 0;  // spent in training up to here; evaluation is not counted
  double lr = 0;       // the optimizer's own rate at the epoch's first step
  double train_loss = not_known,
         train_accuracy = not_known;  // mean over the epoch's batches as they were trained
  double validation_loss = not_known,
         validation_accuracy = not_known;  // of the whole split, at the epoch's end
};

// How far a running trial has come within its epoch; shown, not kept.
struct Progress {
  int epoch = 0, epochs = 0;                      // from 1; `epochs` is the budget
  std::int64_t batch = 0, batches = 0;            // done in this epoch, and in all of it
  double loss = not_known, accuracy = not_known;  // mean over this epoch so far
  double images_per_second = not_known;
};

enum class State { waiting, running, complete, diverged, failed };
std::string name_of(State state);

// Where the time of a trial went, in seconds. data: gathering batches; optimizer: the step and zeroing the
// gradients.
struct Phases {
  double data = 0, forward = 0, backward = 0, optimizer = 0, evaluation = 0;
};

// What came of a trial. `best_epoch` is the epoch with the best validation metric; its weights are the
// trial's weights.
struct Result {
  State state = State::waiting;
  std::string reason;  // of a failed or diverged trial, or why it stopped before its last epoch; else empty
  int best_epoch = 0;  // 0 when no epoch was completed
  double validation_loss = not_known, validation_accuracy = not_known;  // at best_epoch
  double seconds = 0;                                                   // of training
  std::int64_t steps = 0;
  std::int64_t state_bytes = 0;          // of the optimizer
  double optimizer_ms = not_known;       // mean of one step
  double images_per_second = not_known;  // trained images over training seconds
  Phases phases;
};

// The test split, seen by the weights of one trial.
struct TestResult {
  double loss = not_known, accuracy = not_known;
};

// The settings of a configuration by the names that other programs see: lr, batch_size, init, adam.beta2.
// Text stands for a category, a whole number for a count, any other number for a quantity.
std::map<std::string, Json> parameters(const Configuration& config);

void to_json(Json&, const Configuration&);
void from_json(const Json&, Configuration&);
void to_json(Json&, const Settings&);
void from_json(const Json&, Settings&);
void to_json(Json&, const Trial&);
void from_json(const Json&, Trial&);
void to_json(Json&, const Epoch&);
void from_json(const Json&, Epoch&);
void to_json(Json&, const Progress&);
void from_json(const Json&, Progress&);
void to_json(Json&, const Phases&);
void from_json(const Json&, Phases&);
void to_json(Json&, const Result&);
void from_json(const Json&, Result&);
void to_json(Json&, const TestResult&);
void from_json(const Json&, TestResult&);

}  // namespace basin::study
