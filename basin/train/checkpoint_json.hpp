// The part of a checkpoint that is no tensors, as JSON. A number that JSON does not have is the text "nan", "inf" or "-inf".
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "basin/train/checkpoint.hpp"

namespace basin::train {

// Tensors are left out.
nlohmann::json json_of(const Checkpoint& checkpoint);
// The other way round: tensors are undefined, slots are there by name. Throws InputError for JSON that is not of a checkpoint.
Checkpoint checkpoint_of(const nlohmann::json& json);

}  // namespace basin::train
