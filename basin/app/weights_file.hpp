// Exports the weights of a trial from the folder of its study to a self-contained file.
#pragma once
#include <filesystem>
#include <vector>

#include "basin/app/study_folder.hpp"
#include "basin/study/store.hpp"

namespace basin::app {

// Returns the replicate with the best validation result of the configuration that is ranked first. Throws
// InputError if no trial has trained an epoch.
const study::StoredTrial& best_trial(const study::Study& study,
                                     const std::vector<study::StoredTrial>& trials);

// Writes a safetensors file whose __metadata__ describes the weights (docs/formats.md). Replaces `out` as a
// whole. Throws InputError if the folder has no weights of this trial, and says of which trials it has.
void write_weights(const StudyFolder& folder, const study::Study& study, const study::StoredTrial& stored,
                   const std::filesystem::path& out);

}  // namespace basin::app
