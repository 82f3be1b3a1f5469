// The workers of a study: processes that this one starts, speaks with and buries.
//
// One thread and one poll: nothing here blocks on a worker. Not thread-safe. The workers end with the pool, and with
// the thread that made it.
#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "basin/study/protocol.hpp"
#include "basin/study/spawn.hpp"

namespace basin::study {

struct PoolSettings {
  std::string program;                 // path of the worker
  std::vector<std::string> arguments;  // after "--fd 3"
  int jobs = 1;                        // workers
  int threads = 1;                     // of each; they are pinned when there is a core for every thread
  std::string logs;  // a folder, made where it is not; worker k appends to worker-k.log in it
  int data = -1;     // descriptor of the data set in shared memory, -1 for none
  std::size_t data_bytes = 0;
  std::chrono::milliseconds until_hello =
      std::chrono::minutes(1);  // a worker takes a second: it loads libtorch
};

struct Event {
  int worker;
  std::optional<Json> message;  // nothing: the worker is gone
  std::string reason;           // then, why: "worker exited with status 3: LAST LINE OF ITS LOG"
};

class Pool {
 public:
  // Starts the workers. Throws InputError when `program` cannot be run, Error when a process or a log cannot be made.
  explicit Pool(PoolSettings settings);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  // Asks the workers to quit, and kills those that are still there a second later.
  ~Pool();

  int size() const { return static_cast<int>(workers_.size()); }
  // Has said hello, has not broken the rules and is not gone.
  bool ready(int worker) const { return at(worker).ready && at(worker).broke.empty(); }
  // The first hello: what a worker says of itself. Nothing when `stop` was set first.
  std::optional<Json> hello(const std::atomic<int>& stop);
  // The "data" of the messages run and evaluate.
  Json data() const;

  // To a worker that waits for work. One that is gone takes nothing; `wait` tells of it.
  void send(int worker, const Json& message);
  // What has come since, after at most that long; nothing when the time is over or a signal came. Throws Error when
  // workers end before their hello three times in a row or one does not say it in time, InputError when one speaks
  // another version.
  std::vector<Event> wait(int milliseconds);
  // Kills a worker that broke the rules, "...: REASON"; `wait` tells of its end.
  void kill(int worker, const std::string& reason);
  void kill_all();
  // Hangs up on all of them, so that they write down what they have and end; kills those that are there `patience` later.
  void let_go(std::chrono::milliseconds patience);
  // Starts another in the place of one that is gone.
  void replace(int worker);

 private:
  struct Worker {
    Process process;  // pid -1: gone
    std::chrono::steady_clock::time_point started;
    FrameReader reader;
    bool ready = false;
    std::size_t log_start = 0;  // bytes of the log that earlier workers wrote
    std::string broke;          // why it was killed
  };

  Worker& at(int worker) { return workers_.at(static_cast<std::size_t>(worker)); }
  const Worker& at(int worker) const { return workers_.at(static_cast<std::size_t>(worker)); }
  std::string log_path(int worker) const;
  Worker start(int worker) const;
  void check_in_time(int worker) const;
  void read(int worker, std::vector<Event>& events);
  void take_messages(int worker, std::vector<Event>& events);
  void greet(int worker, const Json& hello);
  Event bury(int worker);
  std::string log_end(int worker, int lines) const;

  PoolSettings settings_;
  std::vector<Worker> workers_;
  int early_deaths_ = 0;  // in a row, before a hello
};

}  // namespace basin::study
