#include "basin/train/weights.hpp"

#include <cstring>

#include "basin/core/error.hpp"
#include "basin/core/whole_file.hpp"
#include "basin/data/file.hpp"
#include "basin/data/safetensors.hpp"

namespace basin::train {
namespace {

// Views of the network's own tensors.
Weights views(const nn::Network& network) {
  Weights out;
  for (const auto& item : network.named_parameters()) out.emplace_back(item.key(), item.value());
  for (const auto& item : network.named_buffers()) out.emplace_back(item.key(), item.value());
  return out;
}

std::span<const std::uint8_t> bytes_of(const torch::Tensor& tensor) {
  return {static_cast<const std::uint8_t*>(tensor.data_ptr()), tensor.nbytes()};
}

}  // namespace

Weights snapshot(const nn::Network& network) {
  const torch::NoGradGuard no_gradients;
  Weights out = views(network);
  for (auto& [name, tensor] : out) tensor = tensor.detach().clone();
  return out;
}

void restore(nn::Network& network, const Weights& weights) {
  const torch::NoGradGuard no_gradients;
  Weights own = views(network);
  if (own.size() != weights.size())
    throw InputError("wanted " + std::to_string(own.size()) + " tensors of weights, found " +
                     std::to_string(weights.size()));
  for (std::size_t i = 0; i < own.size(); ++i)
    if (own[i].first != weights[i].first || own[i].second.sizes() != weights[i].second.sizes())
      throw InputError("the weights '" + weights[i].first + "' do not fit '" + own[i].first +
                       "' of the network");
  for (std::size_t i = 0; i < own.size(); ++i) own[i].second.copy_(weights[i].second);
}

void save(const std::filesystem::path& file, const Weights& weights) {
  std::vector<torch::Tensor> kept;
  std::vector<data::TensorBytes> entries;
  for (const auto& [name, tensor] : weights) {
    kept.push_back(tensor.to(torch::kFloat32).contiguous());
    entries.push_back({name, "F32", kept.back().sizes().vec(), bytes_of(kept.back())});
  }
  write_atomically(file, data::safetensors(entries));
}

Weights load(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> bytes = data::read_file(file);
  Weights out;
  try {
    for (const data::TensorBytes& entry : data::parse_safetensors(bytes)) {
      if (entry.type != "F32")
        throw InputError("'" + entry.name + "' has type " + entry.type + "; wanted F32");
      torch::Tensor tensor = torch::empty(entry.shape);
      std::memcpy(tensor.data_ptr(), entry.bytes.data(), entry.bytes.size());
      out.emplace_back(entry.name, tensor);
    }
  } catch (const InputError& e) {
    throw InputError(file.string() + ": " + e.what());
  }
  return out;
}

}  // namespace basin::train
