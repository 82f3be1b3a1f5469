#include "basin/program/keeper.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include "basin/core/error.hpp"

namespace basin::program {
namespace {

[[noreturn]] void keep(int pipe) {
  ::setpgid(0, 0);
  for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGALRM}) ::signal(signal, SIG_IGN);
  if (::dup2(pipe, STDIN_FILENO) < 0) ::_exit(1);
  ::close_range(1, ~0u, 0);  // the worker's socket, above all: its end must be seen
  pid_t group = 0;
  while (true) {
    const ssize_t n = ::read(STDIN_FILENO, &group, sizeof group);
    if (n < 0 && errno == EINTR) continue;
    if (n == sizeof group) continue;
    if (group > 0) ::kill(-group, SIGKILL);
    ::_exit(0);
  }
}

}  // namespace

Keeper::Keeper() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw Error(std::string("cannot create a pipe: ") + std::strerror(errno));
  pid_ = ::fork();
  if (pid_ == 0) {
    ::close(ends[1]);
    keep(ends[0]);
  }
  ::close(ends[0]);
  pipe_ = ends[1];
  if (pid_ < 0) throw Error(std::string("cannot start a process: ") + std::strerror(errno));
}

Keeper::~Keeper() {
  if (pipe_ >= 0) ::close(pipe_);
  while (pid_ > 0 && ::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void Keeper::guard(pid_t group) {
  while (::write(pipe_, &group, sizeof group) < 0 && errno == EINTR) {
  }
}

}  // namespace basin::program
