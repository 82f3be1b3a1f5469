// The folder of a study, as `compare` and `train` leave it.
//
//   study.db       the store                      report.html, results.json, curves.csv   what is made from it
//   weights/       of the selected trials         logs/                                    what the workers printed
//   checkpoints/   of trials that are not done
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "basin/study/store.hpp"

namespace basin::cli {

struct StudyFolder {
  std::filesystem::path path;
  // Its own name, also for "." and "out/".
  std::string name() const;
  std::filesystem::path store() const { return path / "study.db"; }
  std::filesystem::path weights() const { return path / "weights"; }
  std::filesystem::path checkpoints() const { return path / "checkpoints"; }
  std::filesystem::path logs() const { return path / "logs"; }
  std::filesystem::path report() const { return path / "report.html"; }
  std::filesystem::path results() const { return path / "results.json"; }
  std::filesystem::path curves() const { return path / "curves.csv"; }
};

// What stands at the place where a study is to be.
enum class Place { nothing, empty_folder, study, something_else };
Place look_at(const StudyFolder& folder);

// Where runs stand that nobody named a folder for.
inline constexpr const char* runs = "runs";

// Folders that this process made; at the end those that are empty by then go again, unless they are kept.
class MadeFolders {
 public:
  MadeFolders() = default;
  MadeFolders(const MadeFolders&) = delete;
  ~MadeFolders();
  // Makes the folder, and those above it, which stay: others may stand on them. False when something is there: of several
  // processes one gets true. Throws Error.
  bool make(const std::filesystem::path& folder);
  void keep() { made_.clear(); }

 private:
  std::vector<std::filesystem::path> made_;
};

// A place for a new study: its folder, and in it an empty store of which this process is the writer. Unless it is kept, all
// that was made here goes again; what others put there stays.
class NewStudy {
 public:
  // In `asked`, or in the first of runs/NAME-1, runs/NAME-2, ... that is free where `asked` has no path. With `resume` a store
  // is taken over that an interrupted process left without a study. Throws InputError when another process has put a
  // study there since it was looked at, Error when nothing can be made there.
  NewStudy(const StudyFolder& asked, const std::string& name, bool resume, study::WhileLocked while_locked);
  NewStudy(const NewStudy&) = delete;
  ~NewStudy();

  const StudyFolder& folder() const { return folder_; }
  study::Store& store() { return *store_; }
  // The folder of the logs; what is in it goes with it.
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

// What the store of a study holds now; changes nothing in the folder. Throws InputError when there is none.
study::Snapshot read_study(const StudyFolder& folder);

// Writes report.html, results.json and curves.csv, each as a whole; gives back the study document as text.
std::string write_outputs(const StudyFolder& folder, const study::Snapshot& held);

}  // namespace basin::cli
