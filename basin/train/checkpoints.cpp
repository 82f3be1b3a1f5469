#include "basin/train/checkpoints.hpp"

#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"

namespace basin::train {
namespace {

// Compares two JSON objects of records by the fields that both have. An older basin lacks the newer fields.
bool agree(const nlohmann::json& a, const nlohmann::json& b, int levels = 2) {
  if (levels == 0 || !a.is_object() || !b.is_object()) return a == b;
  for (const auto& [key, value] : a.items())
    if (const auto other = b.find(key); other != b.end() && !agree(value, *other, levels - 1)) return false;
  return true;
}
bool agree(const std::string& a, const std::string& b) {
  const auto json = [](const std::string& text) {
    return nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  };
  return a == b || agree(json(a), json(b));
}

void check_same_run(const std::map<std::string, std::string>& saved,
                    const std::map<std::string, std::string>& own) {
  for (const auto& [what, value] : own) {
    const auto found = saved.find(what);
    if (found != saved.end() && !agree(found->second, value))
      throw InputError("the checkpoint belongs to another run: " + what + " is '" + found->second +
                       "' there and '" + value + "' here; name another folder, or remove this one");
  }
}

}  // namespace

Checkpoints::Checkpoints(const CheckpointOptions& options, Watcher& watcher)
    : options_(options), watcher_(watcher), generations_(options.folder) {}

std::optional<Checkpoint> Checkpoints::load(const std::map<std::string, std::string>& run) {
  if (options_.folder.empty()) return std::nullopt;
  std::vector<std::string> damages;
  std::optional<storage::Generations::Found> found;
  try {
    found = generations_.load(damages);
  } catch (const InputError&) {  // what the damages say; training from the beginning gives the same
    for (const std::string& damage : damages)
      watcher_.on_warning("the checkpoint is damaged: " + damage + "; training starts again");
    return std::nullopt;
  }
  if (!found) return std::nullopt;
  for (const std::string& damage : damages)
    watcher_.on_warning("the checkpoint is damaged: " + damage + "; continuing from the one before it, " +
                        std::to_string(found->number));
  try {
    Checkpoint out = decode(found->state, found->tensors);
    check_same_run(out.run, run);
    if (const std::string machine = this_machine(options_.program); out.machine != machine)
      watcher_.on_warning("the checkpoint was written with " + out.machine + " and is resumed with " +
                          machine + ": the bits may differ");
    return out;
  } catch (const InputError& e) {
    throw InputError(options_.folder.string() + ": " + e.what());
  }
}

bool Checkpoints::due() const {
  if (options_.folder.empty()) return false;
  const std::chrono::duration<double> since = std::chrono::steady_clock::now() - last_;
  return since.count() >= options_.every;
}

void Checkpoints::save(const Checkpoint& checkpoint) {
  try {
    const EncodedCheckpoint encoded = encode(checkpoint);
    generations_.save(encoded.state, encoded.tensors);
  } catch (const std::exception& e) {
    watcher_.on_warning(std::string("no checkpoint was written: ") + e.what() + "; training continues");
  }
  last_ = std::chrono::steady_clock::now();
}

}  // namespace basin::train
