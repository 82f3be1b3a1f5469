// The folder of a study, as `compare` and `train` leave it.
//
//   study.db       the store                      report.html, results.json, curves.csv   what is made from it
//   weights/       of the selected trials         logs/                                    what the workers printed
//   checkpoints/   of trials that are not done
#pragma once
#include <filesystem>
#include <string>

#include "basin/study/store.hpp"

namespace basin::cli {

struct StudyFolder {
  std::filesystem::path path;
  std::string name() const { return std::filesystem::absolute(path).lexically_normal().filename(); }
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

// The first of runs/NAME-1, runs/NAME-2, ... that is not there yet.
StudyFolder new_run(const std::string& name);

// What the store of a study holds now; changes nothing in the folder. Throws InputError when there is none.
study::Snapshot read_study(const StudyFolder& folder);

// Writes report.html, results.json and curves.csv, each as a whole; gives back the study document as text.
std::string write_outputs(const StudyFolder& folder, const study::Snapshot& held);

}  // namespace basin::cli
