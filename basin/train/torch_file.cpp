#include "basin/train/torch_file.hpp"

#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "basin/core/whole_file.hpp"
#include "basin/storage/file.hpp"
#include "basin/storage/safetensors.hpp"
#include "basin/train/tensor_file.hpp"

namespace basin::train {
namespace {

using Json = nlohmann::json;
using optim::TorchState;
using Metadata = std::map<std::string, std::string>;

const std::string format = "basin-torch-optimizer", version = "1";

// --- groups and numbers

Json json_of(const TorchState::Group& group) {
  Json out;
  for (const auto& [name, option] : group.options)
    std::visit([&, &key = name](auto value) { out[key] = value; }, option);
  if (out.contains("beta1")) {
    out["betas"] = {out["beta1"], out["beta2"]};
    out.erase("beta1"), out.erase("beta2");
  }
  out["params"] = group.parameters;
  return out;
}

void read_option(optim::TorchOptions& out, const std::string& name, const Json& value) {
  if (value.is_boolean())
    out[name] = value.get<bool>();
  else if (value.is_number())
    out[name] = value.get<double>();
  else if (name == "betas" && value.is_array() && value.size() == 2 && value[0].is_number() &&
           value[1].is_number())
    out["beta1"] = value[0].get<double>(), out["beta2"] = value[1].get<double>();
  else if (!value.is_null())
    throw InputError("the option '" + name + "' is " + value.dump() + "; it must be a number, true or false");
}

TorchState::Group group_of(const Json& json) {
  TorchState::Group out;
  for (const auto& [name, value] : json.items())
    if (name != "params") read_option(out.options, name, value);
  json.at("params").get_to(out.parameters);
  return out;
}

std::string text_of(const Metadata& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) throw InputError("its __metadata__ lacks '" + key + "'");
  return found->second;
}

// Reads the metadata under a key as JSON; `read` may ask for what it does not contain.
template <class Read>
void read_json(const Metadata& metadata, const std::string& key, const std::string& wanted,
               const Read& read) {
  try {
    read(Json::parse(text_of(metadata, key)));
  } catch (const Json::exception&) {
    throw InputError("'" + key + "' of its __metadata__ is not " + wanted);
  }
}

// --- the file

std::string bytes_of(const TorchState& state) {
  Json groups = Json::array(), numbers = Json::object();
  for (const TorchState::Group& group : state.groups) groups.push_back(json_of(group));
  NamedTensors tensors;
  for (const auto& [name, parameter] : state.parameters) {
    for (const auto& [number, value] : parameter.numbers)
      numbers[name][number] = number == "step" ? Json(static_cast<std::int64_t>(value)) : Json(value);
    for (const auto& [slot, tensor] : parameter.slots) tensors.emplace_back(name + "." + slot, tensor);
  }
  return tensor_bytes(tensors, {{"format", format},
                                {"version", version},
                                {"optimizer", state.name},
                                {"param_groups", groups.dump()},
                                {"state", numbers.dump()}});
}

TorchState state_of(std::span<const std::uint8_t> bytes) {
  const Metadata metadata = storage::safetensors_metadata(bytes);
  if (text_of(metadata, "format") != format)
    throw InputError("it has the format '" + text_of(metadata, "format") + "'; wanted '" + format + "'");
  if (text_of(metadata, "version") != version)
    throw InputError("it has version " + text_of(metadata, "version") + "; wanted " + version);
  TorchState out{text_of(metadata, "optimizer"), {}, {}};
  read_json(metadata, "param_groups", "a list of groups, each with its options and params",
            [&](const Json& json) {
              for (const Json& group : json) out.groups.push_back(group_of(group));
            });
  read_json(metadata, "state", "numbers by the names of parameters", [&](const Json& json) {
    for (const auto& [name, numbers] : json.items()) numbers.get_to(out.parameters[name].numbers);
  });
  for (const auto& [name, tensor] : tensors_of(bytes)) {
    const std::size_t dot = name.rfind('.');
    if (dot == name.npos) throw InputError("the tensor '" + name + "' is not called PARAMETER.SLOT");
    out.parameters[name.substr(0, dot)].slots[name.substr(dot + 1)] = tensor;
  }
  return out;
}

}  // namespace

void save(const std::filesystem::path& file, const TorchState& state) {
  write_atomically(file, bytes_of(state));
}

TorchState load_torch_state(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> bytes = storage::read_file(file);
  try {
    return state_of(bytes);
  } catch (const InputError& e) {
    throw InputError(file.string() + ": " + e.what());
  }
}

}  // namespace basin::train
