#include "basin/nn/script_network.hpp"

#include <torch/script.h>

#include <algorithm>

#include "basin/core/error.hpp"

namespace basin::nn {
namespace {

std::string registered(std::string name) {
  std::ranges::replace(name, '.', '_');
  return name;
}

class ScriptNetwork : public Network {
 public:
  explicit ScriptNetwork(torch::jit::Module module) : module_(std::move(module)) {
    for (const auto& parameter : module_.named_parameters())
      register_parameter(registered(parameter.name), parameter.value, parameter.value.requires_grad());
    for (const auto& buffer : module_.named_buffers()) register_buffer(registered(buffer.name), buffer.value);
    module_.train();
  }
  torch::Tensor forward(torch::Tensor inputs) override {
    return module_.forward({std::move(inputs)}).toTensor();
  }
  void train(bool on = true) override {
    Network::train(on);
    module_.train(on);
  }

 private:
  torch::jit::Module module_;  // shares its tensors with what is registered
};

// The first line of what libtorch says.
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::shared_ptr<Network> script_network(const std::filesystem::path& file) {
  try {
    return std::make_shared<ScriptNetwork>(torch::jit::load(file.string()));
  } catch (const c10::Error& e) {
    throw InputError(file.string() + ": libtorch " + TORCH_VERSION +
                     " cannot read this as TorchScript: " + first_line(e.what_without_backtrace()));
  }
}

}  // namespace basin::nn
