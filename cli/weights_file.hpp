// The weights of a trial, from the folder of its study to a file that stands for itself.
#pragma once
#include <filesystem>
#include <vector>

#include "basin/study/store.hpp"
#include "cli/study_folder.hpp"

namespace basin::cli {

// Of the configuration that is ranked first, the replicate that did best on validation. Throws InputError where no trial
// has trained an epoch.
const study::StoredTrial& best_trial(const study::Study& study,
                                     const std::vector<study::StoredTrial>& trials);

// A safetensors file whose __metadata__ says what the weights are of (docs/formats.md). Replaces `out` as a whole. Throws
// InputError where the folder has no weights of this trial, and says of which it has.
void write_weights(const StudyFolder& folder, const study::Study& study, const study::StoredTrial& stored,
                   const std::filesystem::path& out);

}  // namespace basin::cli
