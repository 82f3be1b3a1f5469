// The workers of a study: processes that this one starts, speaks with and buries.
//
// One thread and one poll: nothing here waits for a worker, except let_go and the end of the pool, which say how long. Not
// thread-safe. The workers end with the pool, and with the thread that made it.
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
  // After which a worker that has work is taken to hang; 0 for never. It speaks at every batch: half an hour is for a batch of
  // everything, on a machine that swaps.
  std::chrono::milliseconds longest_silence = std::chrono::minutes(30);
};

struct Event {
  int worker;
  std::optional<Json> message;  // nothing: the worker is gone
  std::string reason;  // then, why: "worker exited with status 3: LAST LINE OF ITS LOG", "worker REASON"
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
  // Has said hello, was not killed and is not gone.
  bool ready(int worker) const { return at(worker).ready && at(worker).process.socket >= 0; }
  // The first hello: what a worker says of itself. Nothing when `stop` was set first. Replaces those that end meanwhile.
  std::optional<Json> hello(const std::atomic<int>& stop);
  // The "data" of the messages run and evaluate.
  Json data() const;

  // To a worker that waits for work; what its socket cannot hold goes out within `wait`. One that is gone takes nothing, and
  // `wait` tells of it.
  void send(int worker, const Json& message);
  // How long a worker has said nothing since it was sent something, or since its latest word. What counts is the time
  // that passed within `wait`: not that of a parent that was stopped, or at work.
  std::chrono::milliseconds silence(int worker) const;
  std::chrono::milliseconds longest_silence() const { return settings_.longest_silence; }
  // That time is over, and the worker still there.
  bool silent_too_long(int worker) const;
  // What has come since, after at most that long; nothing when the time is over or a signal came. Throws Error when
  // workers end before their hello three times in a row or one does not say it in time, InputError when one speaks
  // another version.
  std::vector<Event> wait(int milliseconds);
  // Kills a worker; `wait` tells of its end, for this reason, and takes no more messages of it.
  void kill(int worker, const std::string& reason);
  void kill_all();
  // Hangs up on all of them, so that they write down what they have and end; kills those that are there `patience` later.
  void let_go(std::chrono::milliseconds patience);
  // Starts another in the place of one that is gone.
  void replace(int worker);

 private:
  using Clock = std::chrono::steady_clock;
  struct Worker {
    Process process;  // pid -1: gone; socket -1: it is about to end
    Clock::time_point started;
    FrameReader reader;
    bool ready = false;
    std::size_t log_start = 0;  // bytes of the log that earlier workers wrote
    std::string unsent = {};
    Clock::duration silence = {};
    Clock::time_point ends_by = {};  // is killed then, if it is still about to end
    std::string killed_for = {};
  };

  Worker& at(int worker) { return workers_.at(static_cast<std::size_t>(worker)); }
  const Worker& at(int worker) const { return workers_.at(static_cast<std::size_t>(worker)); }
  std::string log_path(int worker) const;
  Worker start(int worker) const;
  void check_in_time(int worker) const;
  void write(int worker);
  void read(int worker, std::vector<Event>& events);
  void take_messages(int worker, std::vector<Event>& events);
  void greet(int worker, const Json& hello);
  void hang_up(int worker, Clock::duration patience);
  void bury(int worker, std::vector<Event>& events);
  std::string log_end(int worker, int lines) const;

  PoolSettings settings_;
  std::vector<Worker> workers_;
  int early_deaths_ = 0;  // in a row, before a hello
};

}  // namespace basin::study
