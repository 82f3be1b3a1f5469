// Takes steps along given gradients, from the beginning and from where PyTorch stopped: the other half of
// torch_state_judge.py.
//
//   basin_replay FOLDER...      in each folder
//     reads   chain                the optimizer in basin's spelling, "adam:lr=0.01"
//             run.safetensors      start/NAME, stopped/NAME: weights at the start and where PyTorch stopped
//                                  gradients/NAME: one after another along the first dimension
//             pytorch.safetensors  PyTorch's state where it stopped, after 20 steps
//     writes  basin.safetensors    basin's state after 20 steps
//             weights.safetensors  stopped/NAME, end/NAME: after 20 steps and after all
//                                  pytorch/NAME: after all, from where PyTorch stopped
//                                  drop_in/NAME: the same by libtorch's class, if there is one
#include <torch/torch.h>

#include <filesystem>
#include <span>

#include "basin/core/whole_file.hpp"
#include "basin/optim/torch_optim.hpp"
#include "basin/storage/file.hpp"
#include "basin/train/tensor_file.hpp"
#include "basin/train/torch_file.hpp"

namespace {

using namespace basin;
namespace fs = std::filesystem;

constexpr std::int64_t stop = 20;

struct Run {
  explicit Run(const fs::path& f) : folder(f) {
    const auto bytes = storage::read_file(folder / "chain");
    chain.assign(bytes.begin(), bytes.end());
    for (auto& [name, tensor] : train::tensors_of(storage::read_file(folder / "run.safetensors")))
      given[name] = tensor;
  }
  // Returns the parameters by name, with the values stored under that prefix.
  optim::Names weights(const std::string& from) const {
    optim::Names called;
    for (const auto& [name, tensor] : given)
      if (name.starts_with(from + "/"))
        called.insert(name.substr(from.size() + 1), tensor.clone().requires_grad_());
    return called;
  }
  void replay(torch::optim::Optimizer& optimizer, const optim::Names& names, std::int64_t begin,
              std::int64_t end) const {
    for (; begin < end; ++begin) {
      for (const auto& item : names)
        torch::Tensor(item.value()).mutable_grad() = given.at("gradients/" + item.key())[begin];
      optimizer.step();
    }
  }
  std::int64_t steps() const { return given.lower_bound("gradients/")->second.size(0); }
  void keep(const std::string& as, const optim::Names& names) {
    for (const auto& item : names) out.emplace_back(as + "/" + item.key(), item.value().detach().clone());
  }

  fs::path folder;
  std::string chain;
  std::map<std::string, torch::Tensor> given;
  train::NamedTensors out;
};

void from_the_beginning(Run& run) {
  const optim::Names names = run.weights("start");
  optim::Optimizer optimizer(names.values(), kernels::Chain::parse(run.chain));
  run.replay(optimizer, names, 0, stop);
  run.keep("stopped", names);
  train::save(run.folder / "basin.safetensors", optim::torch_state(optimizer, names));
  run.replay(optimizer, names, stop, run.steps());
  run.keep("end", names);
}

void go_on(Run& run, const std::string& as, const optim::Names& names, optim::Optimizer& optimizer) {
  restore(optimizer, train::load_torch_state(run.folder / "pytorch.safetensors"), names);
  run.replay(optimizer, names, stop, run.steps());
  run.keep(as, names);
}

// Every option must come from PyTorch, including links.
void from_pytorch(Run& run) {
  const optim::Names names = run.weights("stopped");
  const std::string rule = kernels::Chain::parse(run.chain).rule.info().name;
  optim::Optimizer optimizer(names.values(), kernels::Chain::parse(rule));
  go_on(run, "pytorch", names, optimizer);
}

template <class Class, class Options>
void by_the_class(Run& run, const Options& options) {
  const optim::Names names = run.weights("stopped");
  Class optimizer(names.values(), options);
  go_on(run, "drop_in", names, optimizer);
}

// What libtorch's options cannot express, such as links, is left to the class by name.
void from_pytorch_by_libtorchs_class(Run& run) {
  const kernels::Chain chain = kernels::Chain::parse(run.chain);
  if (!chain.before.empty() || !chain.after.empty()) return;
  const std::string name = optim::torch_class(chain).name;
  if (name == "SGD") by_the_class<optim::SGD>(run, torch::optim::SGDOptions(0));
  if (name == "RMSprop") by_the_class<optim::RMSprop>(run, torch::optim::RMSpropOptions());
  if (name == "Adagrad") by_the_class<optim::Adagrad>(run, torch::optim::AdagradOptions());
  if (name == "Adam") by_the_class<optim::Adam>(run, torch::optim::AdamOptions());
  if (name == "AdamW") by_the_class<optim::AdamW>(run, torch::optim::AdamWOptions());
}

}  // namespace

int main(int argc, char** argv) {
  at::set_num_threads(1);
  for (const std::string folder : std::span(argv + 1, static_cast<std::size_t>(argc - 1))) {
    Run run(folder);
    from_the_beginning(run);
    from_pytorch(run);
    from_pytorch_by_libtorchs_class(run);
    write_atomically(run.folder / "weights.safetensors", train::tensor_bytes(run.out));
  }
}
