#include "basin/train/tensor_file.hpp"

#include <algorithm>
#include <cstring>

#include "basin/core/error.hpp"
#include "basin/storage/safetensors.hpp"

namespace basin::train {
namespace {

constexpr std::pair<torch::ScalarType, const char*> types[] = {
    {torch::kFloat32, "F32"},   {torch::kFloat64, "F64"},     {torch::kFloat16, "F16"},
    {torch::kBFloat16, "BF16"}, {torch::kInt64, "I64"},       {torch::kInt32, "I32"},
    {torch::kInt16, "I16"},     {torch::kInt8, "I8"},         {torch::kUInt8, "U8"},
    {torch::kBool, "BOOL"},     {torch::kComplexFloat, "C64"}};

std::string name_of(torch::ScalarType type, const std::string& tensor) {
  const auto* found = std::ranges::find(types, type, [](const auto& t) { return t.first; });
  if (found == std::end(types))
    throw InputError("'" + tensor + "' has a type that safetensors do not have: " + torch::toString(type));
  return found->second;
}

torch::ScalarType type_of(const storage::TensorBytes& tensor) {
  const auto* found =
      std::ranges::find(types, tensor.type, [](const auto& t) { return std::string(t.second); });
  if (found == std::end(types))
    throw InputError("'" + tensor.name + "' has type " + tensor.type + ", which libtorch does not have");
  return found->first;
}

}  // namespace

std::string tensor_bytes(const NamedTensors& tensors, const std::map<std::string, std::string>& metadata) {
  std::vector<torch::Tensor> kept;
  std::vector<storage::TensorBytes> entries;
  for (const auto& [name, tensor] : tensors) {
    const torch::Tensor& dense = kept.emplace_back(tensor.detach().cpu().contiguous());
    entries.push_back({name,
                       name_of(dense.scalar_type(), name),
                       dense.sizes().vec(),
                       {static_cast<const std::uint8_t*>(dense.data_ptr()), dense.nbytes()}});
  }
  return storage::safetensors(entries, metadata);
}

NamedTensors tensors_of(std::span<const std::uint8_t> bytes) {
  NamedTensors out;
  for (const storage::TensorBytes& entry : storage::parse_safetensors(bytes)) {
    const torch::Tensor tensor = torch::empty(entry.shape, type_of(entry));
    if (!entry.bytes.empty()) std::memcpy(tensor.data_ptr(), entry.bytes.data(), entry.bytes.size());
    out.emplace_back(entry.name, tensor);
  }
  return out;
}

}  // namespace basin::train
