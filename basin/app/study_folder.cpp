#include "basin/app/study_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "basin/core/whole_file.hpp"
#include "basin/report/csv.hpp"
#include "basin/report/document.hpp"
#include "basin/report/page.hpp"

namespace basin::app {
namespace fs = std::filesystem;

std::string StudyFolder::name() const {
  const fs::path whole = fs::absolute(path).lexically_normal();
  return whole.has_filename() ? whole.filename() : whole.parent_path().filename();
}

Place look_at(const StudyFolder& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder.path, error);
  if (status.type() == fs::file_type::not_found) return Place::nothing;
  if (!fs::is_directory(status)) return Place::something_else;
  const bool empty =
      fs::is_empty(folder.path, error) && !error;  // checked first: another process may be creating a study
  if (fs::exists(folder.store(), error)) return Place::study;
  return empty ? Place::empty_folder : Place::something_else;
}

MadeFolders::~MadeFolders() {
  std::error_code error;
  for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) fs::remove(*folder, error);
}

bool MadeFolders::make(const fs::path& folder) {
  std::error_code error;
  if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), error);
  const bool made = !error && fs::create_directory(folder, error);
  if (error && error != std::errc::file_exists)
    throw Error(fmt::format("{}: cannot create this folder: {}", folder.string(), error.message()));
  if (made) made_.push_back(folder);
  return made;
}

NewStudy::NewStudy(const StudyFolder& asked, const std::string& name, bool resume,
                   study::WhileLocked while_locked)
    : folder_(asked) {
  bool made = false;
  if (!asked.path.empty()) {
    folders_.make(asked.path);
    made = make_file();
  }
  for (int i = 1; asked.path.empty() && !made; ++i) {
    folder_.path = fs::path(runs) / fmt::format("{}-{}", name, i);
    made = folders_.make(folder_.path) && make_file();
  }
  if (made || resume) store_ = study::open_sqlite(folder_.store().string(), std::move(while_locked));
  if (!store_ || store_->study())
    throw InputError(
        fmt::format("--out: {} now holds a study that another process created; name another folder",
                    asked.path.string()));
  made_store_ = made;  // only now: another process may have become its writer, and then we must not remove it
}

// Creates the file of the store. Returns false if there is one already.
bool NewStudy::make_file() {
  const std::string path = folder_.store().string();
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0 && errno == EEXIST) return false;
  if (fd < 0) throw Error(fmt::format("{}: cannot create it: {}", path, std::strerror(errno)));
  ::close(fd);
  return true;
}

// Removes the store itself last, while this process is its writer: until then, nobody can create another one
// here.
void NewStudy::remove_store() {
  std::error_code error;
  for (const char* part : {"-wal", "-shm", ""}) fs::remove(folder_.store().string() + part, error);
}

NewStudy::~NewStudy() {
  std::error_code error;
  if (made_logs_) fs::remove_all(folder_.logs(), error);
  if (made_store_) remove_store();
}

void NewStudy::make_logs() { made_logs_ = folders_.make(folder_.logs()); }

std::unique_ptr<study::Store> NewStudy::keep() {
  made_store_ = made_logs_ = false;
  folders_.keep();
  return std::move(store_);
}

study::Snapshot read_study(const StudyFolder& folder) {
  if (look_at(folder) != Place::study)
    throw InputError(
        fmt::format("{}: there is no study here (no study.db); give the folder that compare wrote",
                    folder.path.string()));
  auto held = study::read_sqlite(folder.store());
  if (!held) throw InputError(fmt::format("{}: it holds no study yet", folder.store().string()));
  return std::move(*held);
}

std::string write_outputs(const StudyFolder& folder, const study::Snapshot& held) {
  const report::Document document = report::study_document(held.study, held.trials);
  std::string text = document.dump(2) + "\n";
  write_atomically(folder.curves(), report::curves_csv(held.trials, study::metrics_of(held.study)));
  write_atomically(folder.results(), text);
  write_atomically(folder.report(), report::page_with(document.dump()));
  return text;
}

}  // namespace basin::app
