#include "basin/train/checkpoint.hpp"

#include <torch/types.h>
#include <torch/version.h>

#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "basin/train/checkpoint_json.hpp"

namespace basin::train {
namespace {

// Takes tensors out of a file by name; each must exist, and none may be left over.
class Shelf {
 public:
  explicit Shelf(const NamedTensors& tensors) : tensors_(tensors.begin(), tensors.end()) {}
  torch::Tensor take(const std::string& name) {
    const auto node = tensors_.extract(name);
    if (node.empty()) throw InputError("the file of tensors lacks '" + name + "'");
    return node.mapped();
  }
  // Ignores what older versions wrote and nothing needs.
  void pass_over(const std::string& name) { tensors_.erase(name); }
  // Takes those with a prefix, and removes it.
  Weights take_all(const std::string& prefix) {
    Weights out;
    for (auto at = tensors_.lower_bound(prefix); at != tensors_.end() && at->first.starts_with(prefix);
         at = tensors_.erase(at))
      out.emplace_back(at->first.substr(prefix.size()), at->second);
    return out;
  }
  void check_empty() const {
    if (!tensors_.empty())
      throw InputError("the file of tensors has '" + tensors_.begin()->first + "', which is not needed");
  }

 private:
  std::map<std::string, torch::Tensor> tensors_;
};

std::string slot_name(const std::string& slot, const std::string& parameter) {
  return "optimizer/" + slot + "/" + parameter;  // a slot's name has no '/'
}

}  // namespace

EncodedCheckpoint encode(const Checkpoint& c) {
  NamedTensors tensors;
  for (const auto& [name, tensor] : c.weights) tensors.emplace_back("weights/" + name, tensor);
  for (const auto& [name, tensor] : c.best) tensors.emplace_back("best/" + name, tensor);
  for (const auto& [name, parameter] : c.optimizer.parameters)
    for (const auto& [slot, tensor] : parameter.slots) tensors.emplace_back(slot_name(slot, name), tensor);
  if (c.average)
    for (std::size_t i = 0; i < c.average->averages.size(); ++i)
      tensors.emplace_back("average/" + std::to_string(i), c.average->averages[i]);
  return {json_of(c).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), tensor_bytes(tensors)};
}

Checkpoint decode(std::string_view state, std::span<const std::uint8_t> bytes) {
  Checkpoint out = checkpoint_of(nlohmann::json::parse(state, nullptr, /*allow_exceptions=*/false));
  Shelf shelf(tensors_of(bytes));
  out.weights = shelf.take_all("weights/");
  out.best = shelf.take_all("best/");
  for (auto& [name, parameter] : out.optimizer.parameters)
    for (auto& [slot, tensor] : parameter.slots) tensor = shelf.take(slot_name(slot, name));
  if (out.average)
    for (std::size_t i = 0; i < out.average->averages.size(); ++i)
      out.average->averages[i] = shelf.take("average/" + std::to_string(i));
  shelf.pass_over("generator");
  shelf.check_empty();
  return out;
}

std::string this_machine(const std::string& program) {
  return "basin " BASIN_VERSION ", libtorch " TORCH_VERSION ", " + std::to_string(at::get_num_threads()) +
         " thread" + (at::get_num_threads() == 1 ? "" : "s") + (program.empty() ? "" : ", " + program);
}

}  // namespace basin::train
