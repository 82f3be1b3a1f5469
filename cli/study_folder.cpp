#include "cli/study_folder.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "basin/core/whole_file.hpp"
#include "basin/report/csv.hpp"
#include "basin/report/document.hpp"
#include "basin/report/page.hpp"

namespace basin::cli {
namespace fs = std::filesystem;

Place look_at(const StudyFolder& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder.path, error);
  if (status.type() == fs::file_type::not_found) return Place::nothing;
  if (!fs::is_directory(status)) return Place::something_else;
  if (fs::exists(folder.store(), error)) return Place::study;
  return fs::is_empty(folder.path, error) && !error ? Place::empty_folder : Place::something_else;
}

StudyFolder new_run(const std::string& name) {
  for (int i = 1;; ++i) {
    const StudyFolder run{fs::path("runs") / fmt::format("{}-{}", name, i)};
    if (look_at(run) == Place::nothing) return run;
  }
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
  write_atomically(folder.curves(), report::curves_csv(held.trials));
  write_atomically(folder.results(), text);
  write_atomically(folder.report(), report::page_with(document.dump()));
  return text;
}

}  // namespace basin::cli
