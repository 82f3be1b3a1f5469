#include "basin/app/one_worker.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace basin::app {
namespace fs = std::filesystem;

LogFolder::LogFolder(const std::string& verb) {
  std::string path = (fs::temp_directory_path() / fmt::format("basin-{}-XXXXXX", verb)).string();
  if (::mkdtemp(path.data()) == nullptr)
    throw Error(fmt::format("{}: cannot create this folder: {}", path, std::strerror(errno)));
  path_ = path;
}

LogFolder::~LogFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

std::optional<study::Json> ask(study::Pool& pool, study::Json message, std::stop_token stop) {
  if (!pool.hello(stop)) return std::nullopt;
  message["data"] = pool.data();
  pool.send(0, message);
  while (!stop.stop_requested()) {
    for (study::Event& event : pool.wait(100)) {
      if (!event.message) throw Error(event.reason);
      if ((*event.message)["type"] == "beat") continue;
      if ((*event.message)["type"] == "error") throw Error((*event.message)["message"].get<std::string>());
      return std::move(event.message);
    }
    if (pool.silent_too_long(0))
      throw Error(fmt::format("the worker gave no sign of life for {} s",
                              std::chrono::duration<double>(pool.longest_silence()).count()));
  }
  return std::nullopt;
}

}  // namespace basin::app
