// A worker that trains nothing: it follows the protocol and does what its trial's initializer says.
//
//   default     epochs with numbers that depend only on the configuration and the replicate, then `done`
//   slow        the same, 50 ms per epoch
//   diverge     one epoch, then a diverged result
//   error       reports that the trial failed, and continues
//   exit        writes a line to stderr and exits with status 3 after one epoch
//   kill        SIGKILL after one epoch           hang      waits for the end of the socket
//   deaf        hangs after one epoch, whatever happens to the socket
//   kill-once   SIGKILL, unless the weights file exists, which it creates
//   untestable  like default, but leaves no weights
//   keep        like slow, and warns; creates its checkpoint folder, and writes `left` there when its parent
//               disconnects
//   still       is silent for 2 s of the second epoch
//   beat        the same, except for a sign of life every 50 ms
//   garbage     bytes that are not a frame        stranger  names another trial
//   skip        the second epoch before the first  nothing  `done` without a result
//   unfinished  `done` with the state running
//
// A range test gets losses that fall in its middle, except for `error`.
//
// Its own arguments: --die-early exits before hello; --mute never says hello, nor listens; --version N says N
// in hello; --report FILE writes what it found (threads, affinity, process group, stdin, the data set) to
// FILE; --second-dies FILE exits before hello as the second worker of a pool, unless FILE exists, which it
// creates; --hang-up closes its socket after hello and stays; --trial N ACT does ACT for trial N, whatever
// its initializer says.
#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <thread>
#include <vector>

#include "basin/records/json.hpp"
#include "basin/study/orphan.hpp"
#include "basin/study/protocol.hpp"
#include "basin/study/trial.hpp"

namespace {

using namespace basin::study;

double hash_of(const Trial& trial) {
  const std::string text = Json(trial.config).dump() + std::to_string(trial.replicate);
  unsigned long h = 5381;
  for (const char c : text) h = h * 33 + static_cast<unsigned char>(c);
  return static_cast<double>(h % 1000) / 1000;
}

Epoch epoch_of(const Trial& trial, int epoch) {
  const double x = 1 - 0.5 / (epoch + hash_of(trial));
  return {.epoch = epoch,
          .seconds = epoch * 1.5,
          .lr = trial.config.knobs.at("lr"),
          .train = {{"loss", 1 - x}, {"accuracy", x}},
          .validation = {{"loss", 1.1 - x}, {"accuracy", x - 0.1}}};
}

class Worker {
 public:
  explicit Worker(int fd) : channel_(fd), fd_(fd) {}

  void will(int number, std::string act) { acts_[number] = std::move(act); }

  void hello(int version) { channel_.send({{"type", "hello"}, {"version", version}, {"libtorch", "none"}}); }

  int serve() {
    while (const auto message = channel_.receive()) {
      const Json& type = (*message)["type"];
      if (type == "quit") return 0;
      if (type == "probe") {
        probe();
        continue;
      }
      const auto trial = (*message)["trial"].get<Trial>();
      weights_ = (*message)["weights"].get<std::string>();
      if (message->contains("checkpoints"))
        checkpoints_ = (*message)["checkpoints"]["folder"].get<std::string>();
      verdicts_ = message->value("verdicts", false);
      if (type == "run") run(trial, (*message)["settings"].get<Settings>());
      if (type == "evaluate") evaluate(trial);
      if (type == "range") range(trial, message->at("steps").get<int>());
    }
    return 0;
  }

 private:
  void say(const char* type, int number, const char* key, Json value) {
    channel_.send({{"type", type}, {"number", number}, {key, std::move(value)}});
  }

  // What a healthy worker would say.
  void probe() {
    channel_.send({{"type", "probed"},
                   {"probe",
                    {{"libtorch", "none"},
                     {"blas", "OpenBLAS 0.3.21 MAX_THREADS=64"},
                     {"blas_threads", 1},
                     {"threads", 1},
                     {"build", "release"},
                     {"gemm_gflops", 50.0},
                     {"freed_memory_is_kept", true}}}});
  }

  void run(const Trial& trial, const Settings& settings) {
    const auto asked = acts_.find(trial.number);
    const std::string& act = asked == acts_.end() ? trial.config.init : asked->second;
    if (act == "error") return say("error", trial.number, "message", "the data set is \xff not there");
    if (act == "stranger") return say("epoch", trial.number + 1, "epoch", epoch_of(trial, 1));
    if (act == "skip") return say("epoch", trial.number, "epoch", epoch_of(trial, 2));
    if (act == "nothing") return say("done", trial.number, "weights", weights_);
    if (act == "unfinished") return say("done", trial.number, "result", Result{.state = State::running});
    for (int e = 1; e <= settings.epochs; ++e) {
      channel_.send({{"type", "progress"},
                     {"number", trial.number},
                     {"epoch", e},
                     {"epochs", settings.epochs},
                     {"batch", 1},
                     {"batches", 2},
                     {"loss", nullptr},
                     {"accuracy", 0.5},
                     {"images_per_second", 100}});
      if (act == "keep") keep(trial.number);
      if (e == 2 && (act == "still" || act == "beat")) be_long(trial.number, act == "beat");
      if (act == "slow" || act == "keep") std::this_thread::sleep_for(std::chrono::milliseconds(50));
      say("epoch", trial.number, "epoch", epoch_of(trial, e));
      if (verdicts_ && stopped()) return say("done", trial.number, "result", Result{.state = State::pruned});
      if (misbehave(act)) return;
      if (act == "diverge") {
        return say("done", trial.number, "result",
                   Result{.state = State::diverged, .reason = "the loss is not finite"});
      }
    }
    if (act != "untestable") std::ofstream(weights_) << trial.number;
    say("done", trial.number, "result", result_of(trial, settings.epochs));
  }

  bool stopped() {
    const auto verdict = channel_.receive();
    return verdict && (*verdict)["type"] == "stop";
  }

  void keep(int number) {
    say("warning", number, "message", "the disk is full");
    std::filesystem::create_directories(checkpoints_);
    if (!channel_.closed()) return;
    std::ofstream(checkpoints_ + "/left") << number;
    std::exit(0);
  }

  void be_long(int number, bool with_beats) {
    for (int i = 0; i < 40; ++i) {
      if (with_beats) channel_.send({{"type", "beat"}, {"number", number}});
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }

  // Returns true if that was the end of the trial.
  bool misbehave(const std::string& act) {
    if (act == "exit") {
      std::cerr << "out of luck\n\n" << std::flush;
      std::exit(3);
    }
    if (act == "kill") std::raise(SIGKILL);
    if (act == "kill-once" && !std::ifstream(weights_)) {
      std::ofstream(weights_) << "once";
      std::raise(SIGKILL);
    }
    if (act == "hang") {
      while (!channel_.closed()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      std::exit(0);
    }
    if (act == "deaf") std::this_thread::sleep_for(std::chrono::minutes(1));
    if (act != "garbage") return false;
    ::send(fd_, "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL);
    return true;
  }

  static Result result_of(const Trial& trial, int epochs) {
    const Epoch last = epoch_of(trial, epochs);
    return {.state = State::complete,
            .best_epoch = epochs,
            .validation = {{"loss", basin::value_of(last.validation, "loss")},
                           {"accuracy", basin::value_of(last.validation, "accuracy")}},
            .seconds = last.seconds,
            .steps = 10 * epochs,
            .state_bytes = 1024,
            .optimizer_ms = 0.25,
            .images_per_second = 100};
  }

  void evaluate(const Trial& trial) {
    std::ifstream in(weights_);
    int number = -1;
    if (!(in >> number)) return say("error", trial.number, "message", weights_ + " is missing");
    say("tested", trial.number, "test", TestResult{{"loss", 0.5}, {"accuracy", 0.9 - hash_of(trial) / 100}});
  }

  // Falls in the middle of the test, and explodes in its last tenth; from zero weights it is not finite.
  void range(const Trial& trial, int steps) {
    if (trial.config.init == "error")
      return say("error", trial.number, "message", "the data set is not there");
    std::vector<double> losses;
    if (trial.config.init == "zeros") return say("ranged", trial.number, "losses", {nullptr});
    for (int i = 0; i < steps; ++i)
      losses.push_back(i < steps / 2 ? 2.0 : i < steps - steps / 10 ? 1.0 : 9e9);
    say("ranged", trial.number, "losses", losses);
  }

  Channel channel_;
  int fd_;
  std::string weights_, checkpoints_;
  bool verdicts_ = false;
  std::map<int, std::string> acts_;
};

// Reports what the process was given, for the test of the pool.
void report(const std::string& path) {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  ::sched_getaffinity(0, sizeof mask, &mask);
  char data[5] = "";
  if (::pread(data_fd, data, 4, 0) < 0) data[0] = '\0';
  const char* threads = std::getenv("OMP_NUM_THREADS");
  const Json found{{"threads", threads ? threads : ""},
                   {"cores", CPU_COUNT(&mask)},
                   {"own_group", ::getpgrp() == ::getpid()},
                   {"stdin_is_empty", std::cin.get() == EOF},
                   {"fifth_descriptor_open", ::fcntl(5, F_GETFD) != -1},
                   {"data", data}};
  std::ofstream(path) << found;  // opened last, because it takes a descriptor
}

bool is_second() {
  std::error_code unknown;
  return std::filesystem::read_symlink("/proc/self/fd/1", unknown).filename() == "worker-1.log";
}

}  // namespace

int main(int argc, char** argv) {
  int fd = -1, version = protocol_version;
  bool hangs_up = false;
  std::map<int, std::string> acts;
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--die-early") {
      std::cerr << "libtorch is too old\n";
      return 4;
    }
    if (option == "--mute") {
      std::cout << "pid " << ::getpid() << std::endl;
      return ::pause();
    }
    if (option == "--second-dies" && is_second() && !std::ifstream(argv[++i])) {
      std::ofstream(argv[i]) << "once";
      return 4;
    }
    if (option == "--trial" && i + 2 < argc) {
      acts[std::atoi(argv[i + 1])] = argv[i + 2];
      i += 2;
    }
    hangs_up = hangs_up || option == "--hang-up";
    if (option == "--fd") fd = std::atoi(argv[++i]);
    if (option == "--version") version = std::atoi(argv[++i]);
    if (option == "--report") report(argv[++i]);
  }
  std::cout << "pid " << ::getpid() << std::endl;
  outlive_parent(std::chrono::seconds(1));
  Worker worker(fd);
  for (const auto& [number, act] : acts) worker.will(number, act);
  worker.hello(version);
  if (hangs_up) {
    ::close(fd);
    return ::pause();
  }
  return worker.serve();
}
