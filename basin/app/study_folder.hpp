// The folder of a study, as `compare` and `train` leave it.
//
//   study.db       the store                      report.html, results.json, curves.csv   derived from it
//   weights/       of the selected trials         logs/                                   worker output
//   checkpoints/   of unfinished trials         study.toml   the options that repeat it
//   trials/        the folders of a program's trials
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "basin/study/store.hpp"

namespace basin::app {

struct StudyFolder {
  std::filesystem::path path;
  // Its last component, also for "." and "out/".
  std::string name() const;
  std::filesystem::path store() const { return path / "study.db"; }
  std::filesystem::path weights() const { return path / "weights"; }
  std::filesystem::path checkpoints() const { return path / "checkpoints"; }
  std::filesystem::path file() const { return path / "study.toml"; }
  std::filesystem::path logs() const { return path / "logs"; }
  std::filesystem::path report() const { return path / "report.html"; }
  std::filesystem::path results() const { return path / "results.json"; }
  std::filesystem::path curves() const { return path / "curves.csv"; }
  // The files of write_outputs.
  std::vector<std::filesystem::path> outputs() const { return {report(), results(), curves()}; }
};

// What is at the place of a new study.
enum class Place { nothing, empty_folder, study, something_else };
Place look_at(const StudyFolder& folder);

// The folder for runs without a name.
inline constexpr const char* runs = "runs";

// Folders that this process created. The destructor removes the empty ones, unless they are kept.
class MadeFolders {
 public:
  MadeFolders() = default;
  MadeFolders(const MadeFolders&) = delete;
  ~MadeFolders();
  // Creates the folder, and those above it, which stay: others may rely on them. Returns false if something
  // is there; of several processes, one gets true. Throws Error.
  bool make(const std::filesystem::path& folder);
  void keep() { made_.clear(); }

 private:
  std::vector<std::filesystem::path> made_;
};

// A place for a new study: its folder, with an empty store whose writer is this process. Unless it is kept,
// the destructor removes everything created here; what others put there stays.
class NewStudy {
 public:
  // Uses `asked`, or, if it has no path, the first free one of runs/NAME-1, runs/NAME-2, ... With `resume`,
  // takes over a store that an interrupted process left without a study. Throws InputError if another process
  // has put a study there since it was checked, Error if nothing can be created there.
  NewStudy(const StudyFolder& asked, const std::string& name, bool resume, study::WhileLocked while_locked);
  NewStudy(const NewStudy&) = delete;
  ~NewStudy();

  const StudyFolder& folder() const { return folder_; }
  study::Store& store() { return *store_; }
  // Creates the folder of the logs; it is removed with its contents.
  void make_logs();
  std::unique_ptr<study::Store> keep();

 private:
  bool make_file();
  void remove_store();

  MadeFolders folders_;
  StudyFolder folder_;
  std::unique_ptr<study::Store> store_;
  bool made_store_ = false, made_logs_ = false;
};

// Returns what the store of a study holds now; changes nothing in the folder. Throws InputError if there is
// none.
study::Snapshot read_study(const StudyFolder& folder);

// Writes report.html, results.json and curves.csv, each completely or not at all; returns the study document
// as text.
std::string write_outputs(const StudyFolder& folder, const study::Snapshot& held);

}  // namespace basin::app
