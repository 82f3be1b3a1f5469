#include "basin/study/runner.hpp"

#include <chrono>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/records/json.hpp"
#include "basin/study/source.hpp"

namespace basin::study {
namespace fs = std::filesystem;
namespace {

// The time that a worker needs to write a checkpoint: a batch, and the disk.
constexpr auto until_written = std::chrono::seconds(10);

// What followed from a message of a worker.
struct Taken {
  bool ended = false;  // the work on the trial
  std::optional<Json> answer = {};
};

// One kind of work: what a worker is told about a trial, and what its answers mean.
class Stage {
 public:
  virtual ~Stage() = default;
  virtual Json begin(int number, int worker) = 0;
  // Returns the trials that have become ready to run since the last call.
  virtual std::vector<int> more() { return {}; }
  // Throws InputError if a worker may not send the message.
  virtual Taken take(int number, const Json& message) = 0;
  virtual void fail(int number, const std::string& reason) = 0;
};

template <class T>
T part(const Json& message, const char* key) {
  if (!message.contains(key)) throw InputError(message["type"].get<std::string>() + " without '" + key + "'");
  return message[key].get<T>();
}

std::string text_of_error(const Json& message) {
  const bool said = message.contains("message") && message["message"].is_string();
  return said ? message["message"].get<std::string>() : "the worker did not say why";
}

class TrainingStage : public Stage {
 public:
  TrainingStage(Store& store, Observer& observer, Json order, const std::string& weights,
                const Checkpointing& checkpoints, Outcome& outcome)
      : store_(store),
        observer_(observer),
        order_(std::move(order)),
        weights_(weights),
        checkpoints_(checkpoints),
        outcome_(outcome),
        source_(source_of(*store.study())),
        trials_(store.trials()) {
    order_["verdicts"] = source_->prunes();
  }
  std::deque<int> waiting() const {
    std::deque<int> out;
    for (const StoredTrial& stored : trials_)
      if (stored.result.state == State::waiting) out.push_back(stored.trial.number);
    return out;
  }

  std::vector<int> more() override {
    std::vector<int> out;
    if (!std::exchange(changed_, false)) return out;
    const std::vector<Trial> trials = source_->next(trials_);
    store_.add(trials);
    for (const Trial& trial : trials) {
      trials_.push_back({.trial = trial, .result = {}, .curve = {}, .test = {}});
      out.push_back(trial.number);
    }
    return out;
  }

  Json begin(int number, int worker) override {
    StoredTrial& stored = at(number);
    store_.start(number);
    stored.result.state = State::running;
    stored.curve.clear();
    observer_.on_start(stored.trial, worker);
    order_["trial"] = stored.trial;
    order_["weights"] = weights_path(weights_, number);
    if (!checkpoints_.folder.empty())
      order_["checkpoints"] = {{"folder", checkpoint_folder(number).string()}, {"every", checkpoints_.every}};
    return order_;
  }

  Taken take(int number, const Json& message) override {
    const Json& type = message["type"];
    if (type == "warning") observer_.on_warning(number, text_of_error(message));
    if (type == "progress") observer_.on_progress(number, message.get<Progress>());
    if (type == "epoch") return {.answer = take_epoch(number, part<Epoch>(message, "epoch"))};
    if (type == "error") fail(number, text_of_error(message));
    if (type == "done") finish(number, part<Result>(message, "result"));
    return {.ended = type == "error" || type == "done"};
  }

  void fail(int number, const std::string& reason) override {
    finish(number, {.state = State::failed, .reason = reason});
  }

 private:
  StoredTrial& at(int number) { return trials_.at(static_cast<std::size_t>(number)); }

  // Returns the verdict on the trial, if its worker waits for one.
  std::optional<Json> take_epoch(int number, const Epoch& epoch) {
    if (stopped_.contains(number)) return std::nullopt;  // it was on its way
    StoredTrial& stored = at(number);
    const int last = stored.curve.empty() ? 0 : stored.curve.back().epoch;
    if (epoch.epoch != last + 1)
      throw InputError("epoch " + std::to_string(epoch.epoch) + " after epoch " + std::to_string(last));
    stored.curve.push_back(epoch);
    store_.record(number, epoch);
    observer_.on_epoch(number, epoch);
    if (!source_->prunes()) return std::nullopt;
    const std::optional<std::string> reason = source_->stop(number, trials_);
    if (!reason) return Json{{"type", "go_on"}, {"number", number}};
    stopped_[number] = *reason;
    return Json{{"type", "stop"}, {"number", number}, {"reason", *reason}};
  }

  // A pruned trial is judged by the curve up to where it was stopped, however far its worker came.
  Result pruned(const StoredTrial& stored, Result result, const std::string& reason) const {
    result.state = State::pruned, result.reason = reason;
    const Epoch* best = nullptr;
    for (const Epoch& epoch : stored.curve)
      if (!best || metric_.worth(epoch.validation) > metric_.worth(best->validation)) best = &epoch;
    result.best_epoch = best->epoch, result.validation = best->validation;
    return result;
  }

  void finish(int number, Result result) {
    if (const auto stopped = stopped_.find(number); stopped != stopped_.end())
      result = pruned(at(number), std::move(result), stopped->second);
    if (result.state == State::waiting || result.state == State::running)
      throw InputError("done, but its state is " + name_of(result.state));
    store_.finish(number, result);
    at(number).result = result;
    changed_ = true;
    if (result.state != State::failed) remove_checkpoints(number);  // a failed one may be tried again
    ++outcome_.ended;
    if (result.state == State::failed) ++outcome_.failed;
    observer_.on_finish(number, result);
  }

  fs::path checkpoint_folder(int number) const {
    return fs::path(checkpoints_.folder) / ("trial-" + std::to_string(number));
  }
  void remove_checkpoints(int number) const {
    std::error_code ignored;
    if (!checkpoints_.folder.empty()) fs::remove_all(checkpoint_folder(number), ignored);
  }

  Store& store_;
  Observer& observer_;
  Json order_;  // the message `run`, without the trial
  const std::string& weights_;
  const Checkpointing& checkpoints_;
  Outcome& outcome_;
  std::unique_ptr<Source> source_;
  std::vector<StoredTrial> trials_;  // all of the study, as they are stored
  Metric metric_ = metric_of(*store_.study());
  std::map<int, std::string> stopped_;  // trials that were told to stop, and why
  bool changed_ = true;                 // since the source was asked
};

class TestingStage : public Stage {
 public:
  TestingStage(Store& store, Observer& observer, Json order, const std::string& weights, Outcome& outcome)
      : store_(store), observer_(observer), order_(std::move(order)), weights_(weights), outcome_(outcome) {
    for (StoredTrial& stored : store.trials()) trials_.emplace(stored.trial.number, stored.trial);
  }

  Json begin(int number, int /*worker*/) override {
    order_["trial"] = trials_.at(number);
    order_["weights"] = weights_path(weights_, number);
    return order_;
  }

  Taken take(int number, const Json& message) override {
    const Json& type = message["type"];
    if (type == "error") fail(number, text_of_error(message));
    if (type == "tested") {
      const auto test = part<TestResult>(message, "test");
      store_.record_test(number, test);
      ++outcome_.ended;
      observer_.on_test(number, test);
    }
    return {.ended = type == "error" || type == "tested"};
  }

  void fail(int number, const std::string& reason) override {
    ++outcome_.failed;
    observer_.on_test_failed(number, reason);
  }

 private:
  Store& store_;
  Observer& observer_;
  Json order_;
  const std::string& weights_;
  Outcome& outcome_;
  std::map<int, Trial> trials_;
};

// Gives the trials of one phase to the workers, and their answers to the phase.
class Dispatcher {
 public:
  Dispatcher(Pool& pool, Stage& phase, Observer& observer, std::deque<int> waiting)
      : pool_(pool),
        phase_(phase),
        observer_(observer),
        waiting_(std::move(waiting)),
        running_(static_cast<std::size_t>(pool.size())) {}

  // Returns false if it was stopped.
  bool run(const std::stop_token& stop) {
    while (true) {
      if (stop.stop_requested()) return false;
      for (const int number : phase_.more()) waiting_.push_back(number);
      const bool busy = give();
      if (!busy && waiting_.empty()) return true;
      for (const Event& event : pool_.wait(100)) take(event);
      kill_what_hangs();
    }
  }

 private:
  std::optional<int>& running(int worker) { return running_[static_cast<std::size_t>(worker)]; }

  // Returns whether a worker has something to do.
  bool give() {
    bool busy = false;
    for (int k = 0; k < pool_.size(); ++k) {
      if (pool_.ready(k) && !running(k) && !waiting_.empty()) {
        running(k) = waiting_.front();
        waiting_.pop_front();
        pool_.send(k, phase_.begin(*running(k), k));
      }
      busy = busy || running(k);
    }
    return busy;
  }

  void take(const Event& event) {
    if (!event.message) {
      lose(event.worker, event.reason);
    } else if (pool_.ready(event.worker) && (*event.message)["type"] != "hello") {
      listen(event.worker, *event.message);
    }
  }

  void listen(int worker, const Json& message) {
    try {
      const std::optional<int> number = running(worker);
      const Json named = message.value("number", Json());
      if (!number || named != *number)
        throw InputError("the message names trial " + named.dump() + ", but the worker runs " +
                         (number ? "trial " + std::to_string(*number) : "none"));
      const Taken taken = phase_.take(*number, message);
      if (taken.ended) running(worker).reset();
      if (taken.answer) pool_.send(worker, *taken.answer);
    } catch (const InputError& e) {
      pool_.kill(worker, std::string("violated the protocol: ") + e.what());
    }
  }

  void kill_what_hangs() {
    for (int k = 0; k < pool_.size(); ++k) {
      if (!running(k) || !pool_.silent_too_long(k)) continue;
      const double seconds = std::chrono::duration<double>(pool_.longest_silence()).count();
      pool_.kill(k, "was killed: trial " + std::to_string(*running(k)) + " gave no sign of life for " +
                        text_of(seconds) + " s");
    }
  }

  void lose(int worker, const std::string& reason) {
    observer_.on_worker_lost(worker, reason);
    if (const auto number = std::exchange(running(worker), std::nullopt)) phase_.fail(*number, reason);
    pool_.replace(worker);
  }

  Pool& pool_;
  Stage& phase_;
  Observer& observer_;
  std::deque<int> waiting_;
  std::vector<std::optional<int>> running_;  // the trial of each worker
};

// The common part of every message of one phase.
Json order(const char* type, const Store& store, const Pool& pool) {
  const auto study = store.study();
  if (!study) throw Error("there is no study to run");
  return {
      {"type", type}, {"problem", problem_of(*study)}, {"settings", study->settings}, {"data", pool.data()}};
}

}  // namespace

std::string weights_path(const std::string& folder, int number) {
  return folder + "/trial-" + std::to_string(number) + ".safetensors";
}

Outcome run_study(Store& store, Pool& pool, const std::string& weights, Observer& observer,
                  std::stop_token stop, const Checkpointing& checkpoints) {
  std::error_code failure;
  fs::create_directories(weights, failure);
  if (failure) throw Error(weights + ": " + failure.message());
  store.reclaim();
  Outcome outcome;
  TrainingStage training(store, observer, order("run", store, pool), weights, checkpoints, outcome);
  try {
    outcome.stopped = !Dispatcher(pool, training, observer, training.waiting()).run(stop);
  } catch (...) {
    pool.let_go(until_written);
    throw;
  }
  if (outcome.stopped) {
    pool.let_go(until_written);
    store.reclaim();
  } else if (!checkpoints.folder.empty()) {
    fs::remove(checkpoints.folder, failure);  // if nothing is left in it
  }
  return outcome;
}

Outcome run_tests(Store& store, Pool& pool, const std::string& weights, std::span<const int> numbers,
                  Observer& observer, std::stop_token stop) {
  Outcome outcome;
  if (!numbers.empty()) observer.on_tests(static_cast<int>(numbers.size()));
  TestingStage testing(store, observer, order("evaluate", store, pool), weights, outcome);
  outcome.stopped = !Dispatcher(pool, testing, observer, {numbers.begin(), numbers.end()}).run(stop);
  if (outcome.stopped) pool.kill_all();
  return outcome;
}

}  // namespace basin::study
