#include "basin/train/weights.hpp"

#include <map>

#include "basin/core/error.hpp"
#include "basin/core/whole_file.hpp"
#include "basin/storage/file.hpp"

namespace basin::train {

Weights views(const nn::Network& network) {
  Weights out;
  for (const auto& item : network.named_parameters()) out.emplace_back(item.key(), item.value());
  for (const auto& item : network.named_buffers()) out.emplace_back(item.key(), item.value());
  return out;
}

Weights snapshot(const nn::Network& network) {
  const torch::NoGradGuard no_gradients;
  Weights out = views(network);
  for (auto& [name, tensor] : out) tensor = tensor.detach().clone();
  return out;
}

void restore(nn::Network& network, const Weights& weights) {
  const torch::NoGradGuard no_gradients;
  const std::map<std::string, torch::Tensor> given(weights.begin(), weights.end());
  Weights own = views(network);
  if (own.size() != weights.size())
    throw InputError("wanted " + std::to_string(own.size()) + " tensors of weights, found " +
                     std::to_string(weights.size()));
  for (const auto& [name, tensor] : own) {
    const auto found = given.find(name);
    if (found == given.end()) throw InputError("the weights '" + name + "' of the network are missing");
    if (found->second.sizes() != tensor.sizes())
      throw InputError("the weights '" + name + "' have another shape than in the network");
  }
  for (auto& [name, tensor] : own) tensor.copy_(given.at(name));
}

void save(const std::filesystem::path& file, const Weights& weights) {
  NamedTensors out = weights;
  for (auto& [name, tensor] : out)
    if (tensor.is_floating_point()) tensor = tensor.to(torch::kFloat32);
  write_atomically(file, tensor_bytes(out));
}

Weights load(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> bytes = storage::read_file(file);
  try {
    return tensors_of(bytes);
  } catch (const InputError& e) {
    throw InputError(file.string() + ": " + e.what());
  }
}

}  // namespace basin::train
