// The state of an optimizer as a file for PyTorch, written and read; examples/torch_state.py is the other
// side.
//
//   save("state.safetensors", optim::torch_state(optimizer, model->named_parameters()));
//   restore(optimizer, load_torch_state("state.safetensors"), model->named_parameters());
//
// Layout   a safetensors file, docs/formats.md: tensors PARAMETER.SLOT; groups and numbers as JSON in its
//          __metadata__
// Accepts  the version that it writes, in any order; null options count as absent
// Refuses  anything else with InputError that names the file
#pragma once
#include <filesystem>

#include "basin/optim/torch_state.hpp"

namespace basin::train {

// Writes the whole file or nothing (core/whole_file.hpp). Throws Error.
void save(const std::filesystem::path& file, const optim::TorchState& state);
optim::TorchState load_torch_state(const std::filesystem::path& file);

}  // namespace basin::train
