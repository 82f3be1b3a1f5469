#include "cli/command_line.hpp"

namespace basin::cli {

std::string shell_word(std::string_view text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";
  if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) return std::string(text);
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

std::string command_line(const std::string& verb, const ExperimentArguments& given,
                         const ExperimentArguments& defaults) {
  std::string out = "basin " + verb + " " + shell_word(given.problem);
  const auto option = [&](const char* name, const std::string& value) {
    out += std::string(" ") + name + " " + shell_word(value);
  };
  const auto list = [&](const char* name, const std::string& value, const std::string& usual) {
    if (value != usual) option(name, value);
  };
  const auto maybe = [&](const char* name, const std::optional<std::string>& value) {
    if (value) option(name, *value);
  };
  list(verb == "train" ? "--optimizer" : "--optimizers", given.optimizers, defaults.optimizers);
  maybe("--clip", given.clip);
  maybe("--lr", given.lr);
  list("--batch-size", given.batch_size, defaults.batch_size);
  list("--init", given.init, defaults.init);
  list("--normalize", given.normalize, defaults.normalize);
  for (const std::string& text : given.schedules) option("--schedule", text);
  for (const std::string& text : given.regularize) option("--regularize", text);
  for (const std::string& text : given.augment) option("--augment", text);
  for (const std::string& text : given.groups) option("--groups", text);
  for (const std::string& set : given.set) option("--set", set);
  list("--design", given.design, defaults.design);
  maybe("--epochs", given.epochs);
  list("--seeds", given.seeds, defaults.seeds);
  list("--seed", given.seed, defaults.seed);
  maybe("--train-size", given.train_size);
  maybe("--micro-batch", given.micro_batch);
  maybe("--patience", given.patience);
  if (given.plateau)
    out += given.plateau->empty() ? " --plateau" : " --plateau " + shell_word(*given.plateau);
  maybe("--jobs", given.jobs);
  list("--threads", given.threads, defaults.threads);
  list("--checkpoint-every", given.checkpoint_every, defaults.checkpoint_every);
  list("--stalled-after", given.stalled_after, defaults.stalled_after);
  maybe("--worker", given.worker);
  maybe("--data-dir", given.data_dir);
  return out;
}

}  // namespace basin::cli
