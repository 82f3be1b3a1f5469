#include "basin/study/sqlite_reader.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "basin/core/error.hpp"

namespace basin::study::sqlite {
namespace fs = std::filesystem;
namespace {

constexpr int most_tries = 20;
constexpr int most_unexplained = 3;  // failures without a visible change: the clock of files is coarse
constexpr const char *log = "-wal", *index = "-shm", *journal = "-journal";  // beside the file

// How a file can be read: with locks, like any reader; as one that nobody writes; or from a copy.
enum class Way { locks, nobody_writes, copy };

// The state on disk, by which a reader detects that a writer intervened.
struct Look {
  std::int64_t file = 0, size = 0, seconds = 0, nanoseconds = 0;  // of the last change
  bool has_log = false, has_index = false, has_journal = false;

  bool operator==(const Look&) const = default;
};

bool holds_something(const std::string& path) {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 && found.st_size > 0;
}

Look look_at(const std::string& path) {
  Look look;
  struct stat found{};
  if (::stat(path.c_str(), &found) == 0)
    look = {static_cast<std::int64_t>(found.st_ino), found.st_size, found.st_mtim.tv_sec,
            found.st_mtim.tv_nsec};
  look.has_log = holds_something(path + log);
  look.has_index = holds_something(path + index);
  look.has_journal = holds_something(path + journal);
  return look;
}

// Returns whether the file's header says that it must be read together with a log.
bool wants_log(const std::string& path) {
  std::array<char, 20> header{};
  std::ifstream(path, std::ios::binary).read(header.data(), header.size());
  return header[18] == 2 && header[19] == 2;
}

Way way_to_read(const std::string& path, const Look& look) {
  if (look.has_log) return look.has_index ? Way::locks : Way::copy;
  return wants_log(path) ? Way::nobody_writes : Way::locks;
}

std::string uri_of(const std::string& path, const char* parameters) {
  std::string out = "file://";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#')
      out += std::string("%") + "0123456789abcdef"[c >> 4] + "0123456789abcdef"[c & 15];
    else
      out += c;
  }
  return out + parameters;
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "basin-read-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw Error(pattern + ": " + std::strerror(errno));
    path_ = pattern;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Returns where the log is: SQLite follows links. SQLite reports what is missing.
std::string place_of(const std::string& name) {
  std::error_code unknown;
  const fs::path path = fs::weakly_canonical(fs::absolute(name), unknown);
  return unknown ? fs::absolute(name) : path;
}

void in_transaction(const Database& database, const std::function<void(const Database&)>& read) {
  const Transaction transaction(database, Transaction::For::reading);
  read(database);
}

void read_copy(const std::string& name, const std::string& path,
               const std::function<void(const Database&)>& read) {
  const TemporaryFolder folder;
  const std::string copy = folder.path() / "copy";
  std::error_code failure;
  for (const char* part : {"", log, journal}) {
    if (fs::exists(path + part, failure)) fs::copy_file(path + part, copy + part, failure);
    if (failure)
      throw Error(name + ": cannot copy it to " + folder.path().string() + ": " + failure.message());
  }
  in_transaction(Database::elsewhere(name, copy), read);
}

void read_by(Way way, const std::string& name, const std::string& path,
             const std::function<void(const Database&)>& read) {
  if (way == Way::copy) return read_copy(name, path, read);
  // readonly_shm: the index of the log is read in place, or built in memory, but not written.
  const char* parameters = way == Way::locks ? "?mode=ro&readonly_shm=1" : "?mode=ro&immutable=1";
  in_transaction(Database::read_only(name, uri_of(path, parameters)), read);
}

}  // namespace

void read_unchanged(const std::string& name, const std::function<void(const Database&)>& read) {
  const std::string path = place_of(name);
  for (int tries = 0, unexplained = 0; tries < most_tries; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(tries));  // lets a busy writer come to rest
    const Look before = look_at(path);
    const Way way = way_to_read(path, before);
    try {
      read_by(way, name, path, read);
      if (way == Way::locks || look_at(path) == before) return;
    } catch (const Error&) {
      const bool somebody_came = look_at(path) != before, left_over = way == Way::locks && before.has_journal;
      if (!somebody_came && left_over) return read_copy(name, path, read);
      if (!somebody_came && ++unexplained > most_unexplained) throw;
    }
  }
  throw Error(name + ": it changes faster than it can be read");
}

}  // namespace basin::study::sqlite
