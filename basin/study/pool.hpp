// The workers of a study: processes that this one starts, talks to and reaps.
//
// One thread and one poll: nothing here waits for a worker, except let_go and the destructor, which say how
// long. Not thread-safe. The workers end with the pool, and with the thread that created it.
#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "basin/study/protocol.hpp"
#include "basin/study/spawn.hpp"

namespace basin::study {

struct PoolSettings {
  std::string program;                 // path of the worker
  std::vector<std::string> arguments;  // after "--fd 3"
  int jobs = 1;                        // workers
  int threads = 1;                     // per worker; they are pinned if there is a core for every thread
  std::string logs;                    // a folder, created if missing; worker k appends to worker-k.log in it
  int data = -1;                       // descriptor of the data set in shared memory, -1 for none
  std::size_t data_bytes = 0;
  std::chrono::milliseconds until_hello =
      std::chrono::minutes(1);  // a worker takes a second to load libtorch
  // After this time, a busy worker counts as hanging; 0 for never. It reports at every batch; half an hour
  // allows for a full batch on a machine that swaps.
  std::chrono::milliseconds longest_silence = std::chrono::minutes(30);
};

struct Event {
  int worker;
  std::optional<Json> message;  // nothing: the worker is gone
  std::string reason;  // if so, why: "worker exited with status 3: LAST LINE OF ITS LOG", "worker REASON"
};

class Pool {
 public:
  // Starts the workers. Throws InputError if `program` cannot be run, Error if a process or a log cannot be
  // created.
  explicit Pool(PoolSettings settings);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  // Asks the workers to quit, and kills those that are still running a second later.
  ~Pool();

  int size() const { return static_cast<int>(workers_.size()); }
  // Returns whether a worker has said hello, was not killed and is not gone.
  bool ready(int worker) const { return at(worker).ready && at(worker).process.socket >= 0; }
  // Returns the first hello, in which a worker describes itself; nothing if a stop was requested first.
  // Replaces workers that end meanwhile.
  std::optional<Json> hello(std::stop_token stop);
  // Returns the "data" of the messages run and evaluate.
  Json data() const;

  // Sends a message to a worker that waits for work; what its socket cannot hold is sent within `wait`. A
  // worker that is gone receives nothing, and `wait` reports it.
  void send(int worker, const Json& message);
  // Returns how long a worker has been silent since its last message, or since it was sent something. Only
  // time that passes within `wait` counts: not time during which the parent was stopped or busy.
  std::chrono::milliseconds silence(int worker) const;
  std::chrono::milliseconds longest_silence() const { return settings_.longest_silence; }
  // Returns whether that time is over and the worker is still there.
  bool silent_too_long(int worker) const;
  // Returns what has arrived, after at most this long; nothing if the time is over or a signal arrived.
  // Throws Error if workers end before their hello three times in a row or one does not say it in time,
  // InputError if one speaks another protocol version.
  std::vector<Event> wait(int milliseconds);
  // Kills a worker; `wait` reports its end with this reason, and accepts no more messages from it.
  void kill(int worker, const std::string& reason);
  void kill_all();
  // Disconnects all workers, so that they save what they have and exit; kills those that still run `patience`
  // later.
  void let_go(std::chrono::milliseconds patience);
  // Starts another worker in place of one that is gone.
  void replace(int worker);

 private:
  using Clock = std::chrono::steady_clock;
  struct Worker {
    Process process;  // pid -1: gone; socket -1: exiting
    Clock::time_point started;
    FrameReader reader;
    bool ready = false;
    std::size_t log_start = 0;  // bytes of the log from earlier workers
    std::string unsent = {};
    Clock::duration silence = {};
    Clock::time_point ends_by = {};  // when to kill it if it is still exiting
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
