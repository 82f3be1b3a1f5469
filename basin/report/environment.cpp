#include "basin/report/environment.hpp"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "basin/kernels/isa.hpp"

namespace basin::report {
namespace {

std::string text_of_file(const char* path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Returns the value of the first line of `text` that begins with `key`, without surrounding blanks, ':', '='
// and quotes.
std::string value_of(std::string_view text, std::string_view key) {
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view line = text.substr(at, text.find('\n', at) - at);
    at += line.size() + 1;
    if (!line.starts_with(key)) continue;
    const std::size_t first = line.find_first_not_of(" \t:=\"", key.size());
    if (first == std::string_view::npos) return {};
    return std::string(line.substr(first, line.find_last_not_of(" \t\"") + 1 - first));
  }
  return {};
}

std::string compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

std::string operating_system() {
  utsname name{};
  uname(&name);
  const std::string distribution = value_of(text_of_file("/etc/os-release"), "PRETTY_NAME");
  const std::string kernel = std::string(name.sysname) + " " + name.release + " " + name.machine;
  return distribution.empty() ? kernel : distribution + ", " + kernel;
}

int usable_cores() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

}  // namespace

std::string processor_name(std::string_view cpuinfo) { return value_of(cpuinfo, "model name"); }

nlohmann::json environment(int jobs, int threads, std::string_view libtorch) {
  return {{"basin", BASIN_VERSION},
          {"libtorch", libtorch.empty() ? nlohmann::json(nullptr) : nlohmann::json(libtorch)},
          {"compiler", compiler()},
          {"processor", processor_name(text_of_file("/proc/cpuinfo"))},
          {"cores", usable_cores()},
          {"memory_bytes", std::int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE)},
          {"system", operating_system()},
          {"isa", kernels::name_of(kernels::best_isa())},
          {"jobs", jobs},
          {"threads", threads}};
}

}  // namespace basin::report
