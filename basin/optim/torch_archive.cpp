#include "basin/optim/torch_archive.hpp"

#include <torch/types.h>

#include <algorithm>
#include <map>

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

// libtorch's own readers report a missing field as an internal error.
template <class Read>
void read_fields(const Read& read, const std::string& what) {
  try {
    read();
  } catch (const std::exception&) {
    refuse("does not hold " + what);
  }
}

constexpr std::string_view list_size = "_buffers/size", global_state = "prev_flat_grad";

// Returns the lists in a file of libtorch before 1.5, and their lengths.
std::map<std::string, std::size_t> lists_of(torch::serialize::InputArchive& archive) {
  std::map<std::string, std::size_t> out;
  for (const std::string& key : archive.keys())
    if (key.ends_with(list_size)) out[key] = count(archive, key);
  return out;
}

// A list may be shorter than that of the parameters, if the last ones had no state yet. But libtorch reads
// Adagrad's, the only ones with sums, for every parameter.
void check_lists(const std::map<std::string, std::size_t>& lists, std::size_t parameters) {
  const bool exact = lists.contains("sum_buffers/size");
  for (const auto& [key, size] : lists)
    if (size > parameters || (exact && size != parameters))
      refuse("has " + std::to_string(size) + " of '" + key.substr(0, key.find('/')) +
             "'; this optimizer has " + std::to_string(parameters) + " parameters");
}

}  // namespace

bool is_before_1_5(torch::serialize::InputArchive& archive) {
  const std::vector<std::string> keys = archive.keys();
  const auto has = [&](std::string_view wanted) {
    return std::ranges::any_of(keys, [&](const std::string& key) { return key.ends_with(wanted); });
  };
  return !has("pytorch_version") && (has(list_size) || has(global_state));
}

void read_before_1_5(torch::optim::Optimizer& reader, torch::serialize::InputArchive& archive,
                     std::string_view name) {
  const auto lists = lists_of(archive);  // none for L-BFGS, whose state covers all parameters together
  const bool steps_taken = std::ranges::any_of(lists, [](const auto& list) { return list.second > 0; });
  if (!lists.empty() && !steps_taken) return;
  if (steps_taken) check_lists(lists, reader.param_groups().at(0).params().size());
  read_fields([&] { reader.load(archive); }, "the state of " + std::string(name) +
                                                 "; was it saved by another class of libtorch before 1.5?");
}

void write_class(torch::serialize::OutputArchive& archive, std::string_view name) {
  archive.write("optimizer", c10::IValue(std::string(name)));
}

TorchArchive::TorchArchive(torch::serialize::InputArchive& archive, std::string_view optimizer)
    : optimizer_(optimizer) {
  c10::IValue name;
  if (archive.try_read("optimizer", name) && name.toStringRef() != optimizer_)
    refuse("is for " + name.toStringRef() + "; this optimizer is " + optimizer_);
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
  read_fields([&] { out.serialize(groups_[group].options); }, "the options of " + optimizer_);
}

bool TorchArchive::read_state(std::size_t group, std::size_t parameter,
                              torch::optim::OptimizerParamState& out) {
  torch::serialize::InputArchive state;
  if (!states_.try_read(groups_[group].keys[parameter], state)) return false;
  read_fields([&] { out.serialize(state); }, "the state of " + optimizer_);
  return true;
}

}  // namespace basin::optim
