#include "basin/app/label.hpp"

#include <fmt/format.h>

#include "basin/app/units.hpp"
#include "basin/study/search.hpp"

namespace basin::app {

std::string label_of(const study::Configuration& config) {
  std::string out = config.optimizer;
  if (study::is_program(config)) {
    for (const auto& [name, value] : config.knobs) out += fmt::format(" {} {}", name, setting_text(value));
    for (const auto& [name, text] : config.values) out += fmt::format(" {} {}", name, text);
    return out;
  }
  if (const auto lr = config.knobs.find("lr"); lr != config.knobs.end())
    out += " lr " + setting_text(lr->second);
  out += fmt::format(" batch {} {}", config.batch_size, config.init);
  for (const study::Worded& w : study::worded)
    if (w.name != "init" && config.*w.text != usual(w))
      out += fmt::format(" {} '{}'", w.name, config.*w.text);
  for (const auto& [name, value] : config.knobs) {
    if (name != "lr") out += fmt::format(" {} {}", name, setting_text(value));
  }
  return out;
}

std::string label_of(const study::Trial& trial) {
  return fmt::format("{} seed {}", label_of(trial.config), trial.replicate);
}

}  // namespace basin::app
