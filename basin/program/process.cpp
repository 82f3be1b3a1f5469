#include "basin/program/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/core/on_exit.hpp"

extern char** environ;

namespace basin::program {
namespace fs = std::filesystem;
namespace {

bool is_executable(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

std::vector<char*> pointers(Words& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

Words with_ours(Words environment) {
  const std::size_t set = environment.size();
  for (char** variable = environ; *variable; ++variable) {
    const std::string_view name(*variable, std::strcspn(*variable, "="));
    const auto same = [&](const std::string& other) {
      return other.starts_with(name) && other[name.size()] == '=';
    };
    if (std::none_of(environment.begin(), environment.begin() + static_cast<std::ptrdiff_t>(set), same))
      environment.emplace_back(*variable);
  }
  return environment;
}

}  // namespace

std::string find_executable(const std::string& word, const std::string& folder) {
  if (word.find('/') != std::string::npos) {
    const fs::path path = fs::path(folder) / word;
    if (is_executable(path)) return fs::absolute(path).string();
    std::error_code error;
    throw InputError("cannot run " + word + ": " +
                     (fs::exists(path, error) ? "it is not an executable file" : "there is no such file"));
  }
  const char* places = std::getenv("PATH");
  for (const std::string_view place : pieces(places ? places : "", ':')) {
    const fs::path path = fs::path(place) / word;
    if (!place.empty() && is_executable(path)) return path.string();
  }
  throw InputError("cannot run " + word + ": it is not on PATH");
}

Process::Process(const Launch& launch, Keeper& keeper) : keeper_(keeper), bytes_(std::size_t{1} << 16) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw Error(std::string("cannot create a pipe: ") + std::strerror(errno));
  output_ = ends[0];
  ::fcntl(output_, F_SETFL, O_NONBLOCK);
  const OnExit close([&] { ::close(ends[1]); });
  try {
    start(launch, ends[1]);
  } catch (...) {
    ::close(output_);
    throw;
  }
  keeper_.guard(pid_);
}

void Process::start(const Launch& launch, int write_end) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&attributes);
  const OnExit destroy([&] {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  });
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&files, write_end, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, write_end, STDERR_FILENO);
  if (!launch.folder.empty()) ::posix_spawn_file_actions_addchdir_np(&files, launch.folder.c_str());
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const std::string path = find_executable(launch.command.at(0), launch.folder);
  Words command = launch.command, environment = with_ours(launch.environment);
  const int error = ::posix_spawn(&pid_, path.c_str(), &files, &attributes, pointers(command).data(),
                                  pointers(environment).data());
  if (error == 0) return;
  const std::string message = "cannot run " + launch.command[0] +
                              (launch.folder.empty() ? "" : " in " + launch.folder) + ": " +
                              std::strerror(error);
  if (error == EAGAIN || error == ENOMEM) throw Error(message);
  throw InputError(message);
}

Process::~Process() {
  if (output_ >= 0) ::close(output_);
  if (ended_) return;
  signal(SIGKILL);
  while (!ended()) ::poll(nullptr, 0, 1);
}

std::string_view Process::read() {
  if (output_ < 0) return {};
  const ssize_t n = ::read(output_, bytes_.data(), bytes_.size());
  if (n > 0) return {bytes_.data(), static_cast<std::size_t>(n)};
  if (n == 0 || (errno != EAGAIN && errno != EINTR)) ::close(std::exchange(output_, -1));
  return {};
}

bool Process::ended() {
  if (ended_) return true;
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
    return false;
  signal(SIGKILL);  // its number belongs to the group until it is reaped
  keeper_.release();
  while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
  }
  return ended_ = true;
}

void Process::signal(int number) const { ::kill(-pid_, number); }

std::string in_words(int status) {
  if (!WIFSIGNALED(status)) return "exited with status " + std::to_string(WEXITSTATUS(status));
  const int number = WTERMSIG(status);
  const char* name = ::sigabbrev_np(number);
  return "killed by " + (name ? "SIG" + std::string(name) : "signal " + std::to_string(number)) +
         (number == SIGKILL ? " (out of memory?)" : "");
}

}  // namespace basin::program
