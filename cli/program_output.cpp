#include "cli/program_output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "basin/core/error.hpp"

extern char** environ;

namespace basin::cli {
namespace {

using Clock = std::chrono::steady_clock;

class Child {
 public:
  Child(const std::filesystem::path& program, const std::string& argument) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw Error(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    out_ = ends[0];
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::string name = program.string(), word = argument;
    const std::array<char*, 3> argv{name.data(), word.data(), nullptr};
    const int error = ::posix_spawn(&pid_, name.c_str(), &files, nullptr, argv.data(), environ);
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
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
    pid_ = 0;
    return status;
  }

 private:
  pid_t pid_ = 0;
  int out_ = -1;
};

// Appends what is there to read; false at the end.
bool read_some(int fd, std::string& text) {
  constexpr std::size_t most = 16u << 20;
  std::array<char, 65536> buffer;
  const ssize_t n = ::read(fd, buffer.data(), buffer.size());
  if (n < 0) return errno == EINTR;
  text.append(buffer.data(), static_cast<std::size_t>(n));
  return n > 0 && text.size() < most;
}

}  // namespace

ProgramOutput output_of(const std::filesystem::path& program, const std::string& argument,
                        std::chrono::milliseconds longest) {
  Child child(program, argument);
  const auto end = Clock::now() + longest;
  ProgramOutput output;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    pollfd wanted{child.out(), POLLIN, 0};
    if (left <= 0 || ::poll(&wanted, 1, static_cast<int>(left)) == 0)
      throw Error(
          fmt::format("{} {}: no answer within {} s", program.string(), argument, longest.count() / 1000));
    if (!read_some(child.out(), output.text)) break;
  }
  output.status = child.wait();
  return output;
}

}  // namespace basin::cli
