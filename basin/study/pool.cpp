#include "basin/study/pool.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "basin/core/error.hpp"
#include "basin/study/cores.hpp"

namespace basin::study {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int most_early_deaths = 3;
constexpr std::size_t longest_reason = 300;  // it is one line of a table
constexpr auto grace = std::chrono::seconds(1);

// The group, so that what the worker started goes with it.
void kill_group(pid_t pid) { ::kill(-pid, SIGKILL); }

// Waits for the end of a process that is about to end, and kills it at `deadline`. Its status.
int reap(pid_t pid, Clock::time_point deadline) {
  int status = 0;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    if (Clock::now() >= deadline) kill_group(pid);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return status;
}

std::string in_words(int status) {
  if (!WIFSIGNALED(status)) return "exited with status " + std::to_string(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  const char* name = ::sigabbrev_np(signal);
  return "killed by " + (name ? "SIG" + std::string(name) : "signal " + std::to_string(signal)) +
         (signal == SIGKILL ? " (out of memory?)" : "");
}

std::vector<int> cores_of(int worker, const PoolSettings& settings) {
  const std::vector<int> cores = allowed_cores();
  const auto each = static_cast<std::size_t>(settings.threads),
             first = static_cast<std::size_t>(worker) * each;
  if (static_cast<std::size_t>(settings.jobs) * each > cores.size()) return {};
  const auto begin = cores.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + settings.threads};
}

}  // namespace

Pool::Pool(PoolSettings settings) : settings_(std::move(settings)) {
  if (settings_.jobs < 1 || settings_.threads < 1)
    throw InputError("a pool needs one worker and one thread at least");
  std::error_code failure;
  std::filesystem::create_directories(settings_.logs, failure);
  if (failure) throw Error(settings_.logs + ": " + failure.message());
  try {
    for (int k = 0; k < settings_.jobs; ++k) workers_.push_back(start(k));
  } catch (...) {
    kill_all();
    throw;
  }
}

Pool::~Pool() { let_go(grace); }

void Pool::let_go(std::chrono::milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  for (Worker& worker : workers_) {
    if (worker.process.pid < 0) continue;
    const std::string quit = frame({{"type", "quit"}});
    ::send(worker.process.socket, quit.data(), quit.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::close(worker.process.socket);
  }
  for (Worker& worker : workers_) {
    if (worker.process.pid >= 0) reap(worker.process.pid, deadline);
    worker = {};
  }
}

std::string Pool::log_path(int worker) const {
  return settings_.logs + "/worker-" + std::to_string(worker) + ".log";
}

Pool::Worker Pool::start(int worker) const {
  std::error_code absent;
  const auto size = std::filesystem::file_size(log_path(worker), absent);
  const std::string threads = std::to_string(settings_.threads);
  const Process process =
      spawn({.program = settings_.program,
             .arguments = settings_.arguments,
             .environment = {"OMP_NUM_THREADS=" + threads, "OPENBLAS_NUM_THREADS=" + threads,
                             "MKL_NUM_THREADS=" + threads},
             .cores = cores_of(worker, settings_),
             .log = log_path(worker),
             .data = settings_.data});
  return {
      .process = process, .started = Clock::now(), .reader = {}, .log_start = absent ? 0 : size, .broke = {}};
}

std::optional<Json> Pool::hello(const std::atomic<int>& stop) {
  while (stop == 0) {
    for (Event& event : wait(100)) {
      if (event.message) return std::move(event.message);
      replace(event.worker);
    }
  }
  return std::nullopt;
}

Json Pool::data() const {
  return settings_.data < 0 ? Json(nullptr) : Json{{"fd", data_fd}, {"bytes", settings_.data_bytes}};
}

void Pool::send(int worker, const Json& message) {
  if (at(worker).process.pid >= 0) Channel(at(worker).process.socket).send(message);
}

std::vector<Event> Pool::wait(int milliseconds) {
  std::vector<pollfd> sockets;
  for (const Worker& worker : workers_)
    sockets.push_back({worker.process.socket, POLLIN, 0});  // poll skips -1
  std::vector<Event> events;
  const bool anything = ::poll(sockets.data(), sockets.size(), milliseconds) > 0;
  for (int k = 0; k < size(); ++k) {
    if (anything && sockets[static_cast<std::size_t>(k)].revents != 0) read(k, events);
    check_in_time(k);
  }
  return events;
}

void Pool::check_in_time(int worker) const {
  const Worker& late = at(worker);
  if (late.process.pid < 0 || late.ready || Clock::now() - late.started < settings_.until_hello) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(settings_.until_hello);
  throw Error("the worker " + settings_.program + " has not said hello for " +
              std::to_string(seconds.count()) +
              " s, as a program that calls basin::worker_main does; its log is " + log_path(worker));
}

void Pool::read(int worker, std::vector<Event>& events) {
  std::array<char, 65536> bytes;
  const ssize_t n = ::recv(at(worker).process.socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (n <= 0) {
    events.push_back(bury(worker));
    return;
  }
  at(worker).reader.append({bytes.data(), static_cast<std::size_t>(n)});
  try {
    take_messages(worker, events);
  } catch (const FormatError& e) {
    kill(worker, e.what());
  }
}

void Pool::take_messages(int worker, std::vector<Event>& events) {
  while (at(worker).broke.empty()) {
    std::optional<Json> message = at(worker).reader.next();
    if (!message) return;
    if (!at(worker).ready) greet(worker, *message);
    events.push_back({worker, std::move(message), {}});
  }
}

void Pool::greet(int worker, const Json& hello) {
  if (hello["type"] != "hello" || !hello.contains("version")) throw FormatError(0, "a hello", hello.dump());
  if (hello["version"] != protocol_version) {
    throw InputError("the worker " + settings_.program + " speaks version " + hello["version"].dump() +
                     " of the protocol; wanted " + std::to_string(protocol_version));
  }
  at(worker).ready = true;
  early_deaths_ = 0;
}

Event Pool::bury(int worker) {
  Worker& dead = at(worker);
  const std::string status = in_words(reap(dead.process.pid, Clock::now() + grace));
  ::close(dead.process.socket);
  dead.process = {};
  if (!dead.ready && ++early_deaths_ == most_early_deaths) {
    throw Error("the worker " + settings_.program + " ended " + std::to_string(most_early_deaths) +
                " times before it was ready (" + (dead.broke.empty() ? status : dead.broke) +
                "); the end of its log, " + log_path(worker) + ":\n" + log_end(worker, 10));
  }
  dead.ready = false;
  if (!dead.broke.empty()) return {worker, std::nullopt, "worker broke the protocol: " + dead.broke};
  const std::string last = log_end(worker, 1).substr(0, longest_reason);
  return {worker, std::nullopt, "worker " + status + (last.empty() ? "" : ": " + last)};
}

void Pool::kill(int worker, const std::string& reason) {
  if (at(worker).process.pid < 0) return;
  at(worker).broke = reason;
  kill_group(at(worker).process.pid);
}

void Pool::kill_all() {
  for (const Worker& worker : workers_) {
    if (worker.process.pid >= 0) kill_group(worker.process.pid);
  }
  for (Worker& worker : workers_) {
    if (worker.process.pid < 0) continue;
    reap(worker.process.pid, Clock::now());
    ::close(worker.process.socket);
    worker = {};
  }
}

void Pool::replace(int worker) {
  if (at(worker).process.pid < 0) at(worker) = start(worker);
}

// Without blank lines, and no more than is read at a glance.
std::string Pool::log_end(int worker, int lines) const {
  constexpr std::size_t glance = 4096;
  std::ifstream log(log_path(worker), std::ios::binary);
  log.seekg(0, std::ios::end);
  const auto size = static_cast<std::size_t>(log.tellg());
  log.seekg(static_cast<std::streamoff>(std::max(at(worker).log_start, size > glance ? size - glance : 0)));
  std::vector<std::string> last;
  for (std::string line; std::getline(log, line);) {
    if (line.find_first_not_of(" \t\r") != std::string::npos) last.push_back(line);
  }
  std::string text;
  const auto count = static_cast<std::size_t>(lines);
  for (std::size_t i = last.size() > count ? last.size() - count : 0; i < last.size(); ++i) {
    text += (text.empty() ? "" : "\n") + last[i];
  }
  return text;
}

}  // namespace basin::study
