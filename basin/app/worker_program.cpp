#include "basin/app/worker_program.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "basin/app/program_output.hpp"
#include "basin/core/error.hpp"

namespace basin::app {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

constexpr const char *worker = "basin-worker", *program_worker = "basin-program-worker";

bool executable(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

// Beside this executable, then on PATH.
std::vector<fs::path> usual_places() {
  std::vector<fs::path> places;
  std::error_code error;
  if (const fs::path self = fs::read_symlink("/proc/self/exe", error); !error)
    places.push_back(self.parent_path());
  std::istringstream path(std::getenv("PATH") ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(path, folder, ':');) {
    if (!folder.empty()) places.emplace_back(folder);
  }
  return places;
}

fs::path find(const char* program, const char* advice) {
  for (const fs::path& folder : usual_places())
    if (executable(folder / program)) return folder / program;
  throw InputError(fmt::format("{} is neither beside basin nor on PATH; build it{}", program, advice));
}

}  // namespace

fs::path find_program_worker() { return find(program_worker, ""); }

fs::path find_worker(const std::optional<fs::path>& asked) {
  if (asked) {
    if (executable(*asked)) return fs::absolute(*asked);
    throw InputError(fmt::format("--worker: {} is not an executable program", asked->string()));
  }
  return find(worker, ", or name one with --worker");
}

WorkerDescription describe(const fs::path& worker) {
  using namespace std::chrono_literals;
  const ProgramOutput answer = output_of(worker, "--describe", 60s);
  try {
    if (!WIFEXITED(answer.status) || WEXITSTATUS(answer.status) != 0) throw Error("it ended with a failure");
    const Json json = Json::parse(answer.text);
    WorkerDescription out{json.value("libtorch", ""), {}};
    json.at("problems").get_to(out.problems);
    return out;
  } catch (const std::exception& error) {
    throw InputError(fmt::format(
        "{} --describe does not answer like a worker (a program that calls basin::worker_main): {}",
        worker.string(), error.what()));
  }
}

}  // namespace basin::app
