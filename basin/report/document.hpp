// The study document of docs/formats.md: results.json, and the data inside report.html.
#pragma once
#include <nlohmann/json.hpp>
#include <vector>

#include "basin/study/store.hpp"

namespace basin::report {

// Keys stand in the order in which docs/formats.md explains them.
using Document = nlohmann::ordered_json;

// Everything that is known of a study: `trials` in the order of their numbers, the ranking made from them.
// Throws nlohmann::json::exception when the study's `environment` or `problem` is not what it should be.
Document study_document(const study::Study& study, const std::vector<study::StoredTrial>& trials);

}  // namespace basin::report
