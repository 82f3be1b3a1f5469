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
#include <utility>

#include "basin/core/error.hpp"
#include "basin/study/cores.hpp"

namespace basin::study {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int most_early_deaths = 3;
constexpr std::size_t longest_reason = 300;  // it is one line of a table
constexpr auto grace = std::chrono::seconds(1);
constexpr int between_looks = 10;  // milliseconds, while a worker is exiting

// Kills the group, including processes that the worker started.
void kill_group(pid_t pid) { ::kill(-pid, SIGKILL); }

// Waits for a process that is exiting, and kills it at `deadline`. Returns its status.
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
    if (worker.process.socket < 0) continue;
    const std::string quit = worker.unsent + frame({{"type", "quit"}});
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
  return {.process = process, .started = Clock::now(), .reader = {}, .log_start = absent ? 0 : size};
}

std::optional<Json> Pool::hello(std::stop_token stop) {
  std::optional<Json> first;
  while (!first && !stop.stop_requested()) {
    for (Event& event : wait(100)) {
      if (!event.message)
        replace(event.worker);
      else if (!first)
        first = std::move(event.message);
    }
  }
  return first;
}

Json Pool::data() const {
  return settings_.data < 0 ? Json(nullptr) : Json{{"fd", data_fd}, {"bytes", settings_.data_bytes}};
}

void Pool::send(int worker, const Json& message) {
  if (at(worker).process.socket < 0) return;
  at(worker).unsent += frame(message);
  at(worker).silence = {};
  write(worker);
}

std::chrono::milliseconds Pool::silence(int worker) const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(at(worker).silence);
}

bool Pool::silent_too_long(int worker) const {
  const auto longest = settings_.longest_silence;
  return longest > longest.zero() && at(worker).process.socket >= 0 && silence(worker) >= longest;
}

std::vector<Event> Pool::wait(int milliseconds) {
  std::vector<pollfd> sockets;  // poll skips -1
  for (const Worker& worker : workers_) {
    const auto wanted = static_cast<short>(worker.unsent.empty() ? POLLIN : POLLIN | POLLOUT);
    sockets.push_back({worker.process.socket, wanted, 0});
    if (worker.process.socket < 0 && worker.process.pid >= 0)
      milliseconds = std::min(milliseconds, between_looks);
  }
  const auto begin = Clock::now();
  const bool anything = ::poll(sockets.data(), sockets.size(), milliseconds) > 0;
  // If a poll took longer than requested, this parent was stopped in the meantime.
  const auto waited =
      std::min<Clock::duration>(Clock::now() - begin, std::chrono::milliseconds(milliseconds));
  std::vector<Event> events;
  for (int k = 0; k < size(); ++k) {
    const short ready = anything ? sockets[static_cast<std::size_t>(k)].revents : short{0};
    at(k).silence += waited;
    if ((ready & POLLOUT) != 0) write(k);
    if ((ready & ~POLLOUT) != 0) read(k, events);
    bury(k, events);
    check_in_time(k);
  }
  return events;
}

void Pool::check_in_time(int worker) const {
  const Worker& late = at(worker);
  if (late.process.socket < 0 || late.ready || Clock::now() - late.started < settings_.until_hello) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(settings_.until_hello);
  throw Error("the worker " + settings_.program + " has not said hello for " +
              std::to_string(seconds.count()) +
              " s, as a program that calls basin::worker_main does; its log is " + log_path(worker));
}

// Sends as much as the socket accepts now.
void Pool::write(int worker) {
  std::string& unsent = at(worker).unsent;
  while (!unsent.empty()) {
    const ssize_t n =
        ::send(at(worker).process.socket, unsent.data(), unsent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno != EAGAIN) unsent.clear();  // the worker is gone, as reading will show
    if (n < 0) return;
    unsent.erase(0, static_cast<std::size_t>(n));
  }
}

void Pool::read(int worker, std::vector<Event>& events) {
  std::array<char, 65536> bytes;
  const ssize_t n = ::recv(at(worker).process.socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (n <= 0) return hang_up(worker, grace);
  at(worker).silence = {};
  at(worker).reader.append({bytes.data(), static_cast<std::size_t>(n)});
  try {
    take_messages(worker, events);
  } catch (const FormatError& e) {
    kill(worker, std::string("violated the protocol: ") + e.what());
  }
}

void Pool::take_messages(int worker, std::vector<Event>& events) {
  while (std::optional<Json> message = at(worker).reader.next()) {
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

void Pool::hang_up(int worker, Clock::duration patience) {
  ::close(std::exchange(at(worker).process.socket, -1));
  at(worker).ends_by = Clock::now() + patience;
}

// Reaps a worker that was disconnected, once it has exited.
void Pool::bury(int worker, std::vector<Event>& events) {
  Worker& dead = at(worker);
  if (dead.process.pid < 0 || dead.process.socket >= 0) return;
  int status = 0;
  if (::waitpid(dead.process.pid, &status, WNOHANG) == 0) {
    if (Clock::now() >= dead.ends_by) kill_group(dead.process.pid);
    return;
  }
  dead.process = {};
  const std::string how = dead.killed_for.empty() ? in_words(status) : dead.killed_for;
  if (!dead.ready && ++early_deaths_ == most_early_deaths) {
    throw Error("the worker " + settings_.program + " ended " + std::to_string(most_early_deaths) +
                " times before it was ready (" + how + "); the end of its log, " + log_path(worker) + ":\n" +
                log_end(worker, 10));
  }
  const std::string last = dead.killed_for.empty() ? log_end(worker, 1).substr(0, longest_reason) : "";
  events.push_back({worker, std::nullopt, "worker " + how + (last.empty() ? "" : ": " + last)});
}

void Pool::kill(int worker, const std::string& reason) {
  if (at(worker).process.socket < 0) return;
  at(worker).killed_for = reason;
  kill_group(at(worker).process.pid);
  hang_up(worker, {});
}

void Pool::kill_all() {
  for (const Worker& worker : workers_) {
    if (worker.process.pid >= 0) kill_group(worker.process.pid);
  }
  for (Worker& worker : workers_) {
    if (worker.process.pid < 0) continue;
    reap(worker.process.pid, Clock::now());
    if (worker.process.socket >= 0) ::close(worker.process.socket);
    worker = {};
  }
}

void Pool::replace(int worker) {
  if (at(worker).process.pid < 0) at(worker) = start(worker);
}

// Without blank lines, and short enough to read at a glance.
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
