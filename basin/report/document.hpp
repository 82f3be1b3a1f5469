// The study document of docs/formats.md: results.json, and the data inside report.html.
#pragma once
#include <nlohmann/json.hpp>
#include <vector>

#include "basin/study/store.hpp"

namespace basin::report {

// Keys are in the order of docs/formats.md.
using Document = nlohmann::ordered_json;

// Everything known about a study. `trials` are in the order of their numbers; the ranking is computed from
// them. Throws nlohmann::json::exception if the study's `environment` or `problem` is invalid.
Document study_document(const study::Study& study, const std::vector<study::StoredTrial>& trials);

}  // namespace basin::report
