#include "basin/study/trial.hpp"

#include <nlohmann/json.hpp>

namespace basin::study {

std::string qualified(const std::string& optimizer, const std::string& knob) {
  return knob == "lr" ? knob : optimizer + "." + knob;
}

std::string qualified(const Configuration& config, const std::string& knob) {
  return is_program(config) ? knob : qualified(config.optimizer, knob);
}

std::map<std::string, Json> parameters(const Configuration& config) {
  std::map<std::string, Json> out{{"optimizer", config.optimizer}};
  for_each_setting(config, [&](const std::string& name, const auto& value) { out[name] = value; });
  for (const auto& [name, value] : config.values) out[name] = value;
  for (const auto& [name, value] : config.knobs) out[qualified(config, name)] = value;
  return out;
}

}  // namespace basin::study
