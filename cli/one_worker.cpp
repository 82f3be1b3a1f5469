#include "cli/one_worker.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace basin::cli {
namespace fs = std::filesystem;

LogFolder::LogFolder(const std::string& verb)
    : path_(fs::temp_directory_path() / fmt::format("basin-{}-{}", verb, ::getpid())) {}

LogFolder::~LogFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

std::optional<study::Json> ask(study::Pool& pool, study::Json message, const std::atomic<int>& stop) {
  if (!pool.hello(stop)) return std::nullopt;
  message["data"] = pool.data();
  pool.send(0, message);
  while (stop == 0) {
    for (study::Event& event : pool.wait(1000)) {
      if (!event.message) throw Error(event.reason);
      if ((*event.message)["type"] == "error") throw Error((*event.message)["message"].get<std::string>());
      return std::move(event.message);
    }
  }
  return std::nullopt;
}

}  // namespace basin::cli
