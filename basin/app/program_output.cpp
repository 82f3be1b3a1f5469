#include "basin/app/program_output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include "basin/core/error.hpp"

extern char** environ;

namespace basin::app {
namespace {

using Clock = std::chrono::steady_clock;

class Child {
 public:
  Child(const std::filesystem::path& program, const std::string& argument) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw Error(fmt::format("cannot create a pipe: {}", std::strerror(errno)));
    out_ = ends[0];
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::string name = program.string(), word = argument;
    const std::array<char*, 3> argv{name.data(), word.data(), nullptr};
    posix_spawnattr_t attributes;  // resets signals that are ignored here
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    sigset_t heeded;
    sigemptyset(&heeded);
    sigaddset(&heeded, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &heeded);
    const int error = ::posix_spawn(&pid_, name.c_str(), &files, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    ::close(ends[1]);
    if (error == 0) return;
    ::close(out_);
    throw Error(fmt::format("{}: cannot start it: {}", name, std::strerror(error)));
  }
  Child(const Child&) = delete;
  ~Child() {
    ::close(out_);
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    wait();
  }

  int out() const { return out_; }
  // Returns its status, once it has ended.
  std::optional<int> ended() {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == 0) return std::nullopt;
    pid_ = 0;
    return status;
  }

 private:
  void wait() {
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
  }
  pid_t pid_ = 0;
  int out_ = -1;
};

// Appends what can be read, and discards what exceeds the limit; returns false at the end.
bool read_some(int fd, std::string& text) {
  constexpr std::size_t most = 16u << 20;
  std::array<char, 65536> buffer;
  const ssize_t n = ::read(fd, buffer.data(), buffer.size());
  if (n < 0) return errno == EINTR || errno == EAGAIN;
  text.append(buffer.data(), std::min(static_cast<std::size_t>(n), most - text.size()));
  return n > 0;
}

}  // namespace

ProgramOutput output_of(const std::filesystem::path& program, const std::string& argument,
                        std::chrono::milliseconds longest) {
  Child child(program, argument);
  const auto end = Clock::now() + longest;
  ProgramOutput output;
  for (bool open = true; Clock::now() < end;) {
    // After its last output, it may take a while to end.
    pollfd wanted{open ? child.out() : -1, POLLIN, 0};
    const int most = open ? 100 : 1;
    if (::poll(&wanted, 1, most) > 0) open = read_some(child.out(), output.text);
    if (open) continue;
    if (const auto status = child.ended()) {
      output.status = *status;
      return output;
    }
  }
  throw Error(
      fmt::format("{} {}: no answer within {} s", program.string(), argument, longest.count() / 1000));
}

}  // namespace basin::app
