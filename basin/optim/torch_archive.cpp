#include "basin/optim/torch_archive.hpp"

#include <torch/types.h>

#include "basin/optim/archive.hpp"

namespace basin::optim {
namespace {

std::size_t count(torch::serialize::InputArchive& archive, const std::string& key) {
  const c10::IValue value = read(archive, key);
  const std::int64_t size =
      value.isTensor() && value.toTensor().numel() == 1 ? value.toTensor().item<std::int64_t>() : -1;
  if (size < 0) refuse("has no count in '" + key + "'");
  return static_cast<std::size_t>(size);
}

// libtorch's own readers answer a missing field with an internal error.
template <class T>
void read_fields(T& out, torch::serialize::InputArchive& archive, const std::string& what) {
  try {
    out.serialize(archive);
  } catch (const c10::Error& error) {
    refuse("does not hold " + what);
  }
}

}  // namespace

void write_class(torch::serialize::OutputArchive& archive, std::string_view name) {
  archive.write("optimizer", c10::IValue(std::string(name)));
}

TorchArchive::TorchArchive(torch::serialize::InputArchive& archive, std::string_view optimizer)
    : optimizer_(optimizer) {
  c10::IValue name;
  if (archive.try_read("optimizer", name) && name.toStringRef() != optimizer_)
    refuse("is of " + name.toStringRef() + "; this optimizer is " + optimizer_);
  states_ = child(archive, "state");
  torch::serialize::InputArchive list = child(archive, "param_groups");
  for (std::size_t g = 0, groups = count(list, "param_groups/size"); g < groups; ++g) {
    torch::serialize::InputArchive group = child(list, "param_groups/" + std::to_string(g));
    Group& out = groups_.emplace_back(Group{child(group, "options"), {}});
    for (std::size_t i = 0, parameters = count(group, "params/size"); i < parameters; ++i)
      out.keys.push_back(read(group, "params/" + std::to_string(i)).toStringRef());
  }
}

void TorchArchive::read_options(std::size_t group, torch::optim::OptimizerOptions& out) {
  read_fields(out, groups_[group].options, "the options of " + optimizer_);
}

bool TorchArchive::read_state(std::size_t group, std::size_t parameter,
                              torch::optim::OptimizerParamState& out) {
  torch::serialize::InputArchive state;
  if (!states_.try_read(groups_[group].keys[parameter], state)) return false;
  read_fields(out, state, "the state of " + optimizer_);
  return true;
}

}  // namespace basin::optim
