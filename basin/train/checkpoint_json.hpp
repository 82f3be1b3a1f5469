// The part of a checkpoint that is not tensors, as JSON. Numbers that JSON cannot express are the texts
// "nan", "inf" and "-inf".
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "basin/train/checkpoint.hpp"

namespace basin::train {

// Omits tensors.
nlohmann::json json_of(const Checkpoint& checkpoint);
// The reverse: tensors are undefined, and slots exist by name. Throws InputError for JSON that is not a
// checkpoint.
Checkpoint checkpoint_of(const nlohmann::json& json);

}  // namespace basin::train
