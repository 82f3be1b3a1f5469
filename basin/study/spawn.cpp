#include "basin/study/spawn.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "basin/core/error.hpp"
#include "basin/study/orphan.hpp"
#include "basin/study/protocol.hpp"

extern char** environ;

namespace basin::study {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

Descriptor opened(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
  if (fd < 0) throw Error(path + ": " + std::strerror(errno));
  return Descriptor(fd);
}

std::pair<Descriptor, Descriptor> socket_pair() {
  std::array<int, 2> fds{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) != 0)
    throw Error(std::string("cannot create a socket for a worker: ") + std::strerror(errno));
  return {Descriptor(fds[0]), Descriptor(fds[1])};
}

// The arguments for exec: pointers to text that lives as long as this object.
struct Words {
  std::vector<std::string> text;
  std::vector<char*> pointers() {
    std::vector<char*> out;
    for (std::string& word : text) out.push_back(word.data());
    out.push_back(nullptr);
    return out;
  }
};

Words command_line(const Launch& launch) {
  Words words{{launch.program, "--fd", std::to_string(channel_fd)}};
  words.text.insert(words.text.end(), launch.arguments.begin(), launch.arguments.end());
  return words;
}

Words environment(const Launch& launch) {
  Words words{launch.environment};
  for (char** variable = environ; *variable; ++variable) {
    const std::string_view name(*variable, std::strcspn(*variable, "="));
    const auto same = [&](const std::string& set) {
      return set.starts_with(name) && set[name.size()] == '=';
    };
    if (std::ranges::none_of(launch.environment, same)) words.text.emplace_back(*variable);
  }
  return words;
}

// Everything that the child needs, prepared before fork: between fork and exec, only async-signal-safe calls
// are allowed.
struct Child {
  std::vector<char*> arguments, environment;
  std::array<std::pair<int, int>, 5> descriptors;  // ours, and its place in the child; -1 for none
  cpu_set_t cores;
  bool pinned;
  pid_t parent;
  int report;  // receives errno if exec fails
};

void become(const Child& child) {
  ::setpgid(0, 0);
  for (const int signal : {SIGHUP, SIGINT, SIGPIPE, SIGALRM}) ::signal(signal, SIG_DFL);
  if (::prctl(PR_SET_PDEATHSIG, parent_died) != 0 || ::getppid() != child.parent) return;
  if (child.pinned)
    ::sched_setaffinity(0, sizeof child.cores, &child.cores);  // slower without, but no reason to fail
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  std::array<int, 5> high{};  // out of the way of the places that are filled next
  for (std::size_t i = 0; i < high.size(); ++i) {
    const int fd = child.descriptors[i].first;
    if (fd >= 0 && (high[i] = ::fcntl(fd, F_DUPFD_CLOEXEC, 16)) < 0) return;
  }
  for (std::size_t i = 0; i < high.size(); ++i) {
    if (child.descriptors[i].first >= 0 && ::dup2(high[i], child.descriptors[i].second) < 0) return;
  }
  ::execve(child.arguments[0], child.arguments.data(), child.environment.data());
}

[[noreturn]] void run_child(Child child) {
  if ((child.report = ::fcntl(child.report, F_DUPFD_CLOEXEC, 16)) < 0) ::_exit(127);
  become(child);
  const int error = errno;
  if (::write(child.report, &error, sizeof error) < 0) ::_exit(127);
  ::_exit(127);
}

// Waits until the child has become the program; throws if it failed to.
void await_exec(int report, pid_t pid, const std::string& program) {
  int error = 0;
  ssize_t n = 0;
  while ((n = ::read(report, &error, sizeof error)) < 0 && errno == EINTR) {
  }
  if (n == 0) return;  // the pipe closed itself in exec
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  const std::string message = "cannot run the worker " + program + ": " + std::strerror(error);
  if (error == ENOENT || error == EACCES || error == ENOEXEC || error == ENOTDIR) throw InputError(message);
  throw Error(message);
}

}  // namespace

Process spawn(const Launch& launch) {
  auto [ours, theirs] = socket_pair();
  const Descriptor null = opened("/dev/null", O_RDONLY),
                   log = opened(launch.log, O_WRONLY | O_CREAT | O_APPEND);
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
    throw Error(std::string("cannot create a pipe: ") + std::strerror(errno));
  const Descriptor report(pipe[0]);
  Descriptor reported(pipe[1]);

  Words arguments = command_line(launch), variables = environment(launch);
  Child child{arguments.pointers(), variables.pointers(), {}, {}, !launch.cores.empty(),
              ::getpid(),           reported.get()};
  child.descriptors = {{{null.get(), STDIN_FILENO},
                        {log.get(), STDOUT_FILENO},
                        {log.get(), STDERR_FILENO},
                        {theirs.get(), channel_fd},
                        {launch.data, data_fd}}};
  CPU_ZERO(&child.cores);
  for (const int core : launch.cores) CPU_SET(core, &child.cores);

  const pid_t pid = ::fork();
  if (pid < 0) throw Error(std::string("cannot start a worker: ") + std::strerror(errno));
  if (pid == 0) run_child(std::move(child));
  reported = Descriptor();
  await_exec(report.get(), pid, launch.program);
  return {pid, ours.release()};
}

}  // namespace basin::study
