// Named tensors as the bytes of a safetensors file, in their own types, and back.
#pragma once
#include <torch/types.h>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace basin::train {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

// Throws InputError for a type that safetensors does not have, and for a repeated name.
std::string tensor_bytes(const NamedTensors& tensors,
                         const std::map<std::string, std::string>& metadata = {});
// Copies the tensors. Throws FormatError for other bytes, InputError for a type that libtorch does not have.
NamedTensors tensors_of(std::span<const std::uint8_t> bytes);

}  // namespace basin::train
