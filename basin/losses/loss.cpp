#include "basin/losses/loss.hpp"

#include <algorithm>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/core/names.hpp"

namespace basin::losses {
namespace {

using Words = std::span<const std::string_view>;

std::string usage(const Info& info) {
  const std::string name(info.name);
  if (info.option == Option::class_weights)
    return name + ", " + name + " balanced or " + name + " weights 1 3";
  return info.option == Option::delta ? name + " 0.5" : name;
}

double number(const Info& info, std::string_view word, std::string_view option) {
  const std::string what = "loss " + std::string(info.name);
  const auto value = number_of(word);
  if (!value)
    throw InputError(what + ": '" + std::string(word) + "' is not a number; write it like " + usage(info));
  check_range(what, option, *value, domain::positive);
  return *value;
}

[[noreturn]] void not_understood(const Info& info, std::string_view word) {
  throw InputError("loss " + std::string(info.name) + ": '" + std::string(word) +
                   "' is not an option of it; write it like " + usage(info));
}

void read_weights(Loss& loss, const Info& info, Words words) {
  for (const std::string_view word : words) loss.weights.push_back(number(info, word, "weight"));
  const bool binary = info.name == BinaryCrossEntropy::info.name;
  if (binary ? loss.weights.size() != 2 : loss.weights.size() < 2)
    throw InputError("loss " + std::string(info.name) + ": wanted a weight for each class, found " +
                     std::to_string(loss.weights.size()) + "; write it like " + loss.name + " weights 1 3");
}

void read_option(Loss& loss, const Info& info, Words words) {
  if (info.option == Option::delta) {
    loss.delta = number(info, words[0], "delta");
    words = words.subspan(1);
  } else if (info.option == Option::class_weights && words[0] == "balanced") {
    loss.balanced = true;
    words = words.subspan(1);
  } else if (info.option == Option::class_weights && words[0] == "weights") {
    read_weights(loss, info, words.subspan(1));
    words = {};
  }
  if (!words.empty()) not_understood(info, words[0]);
}

const std::vector<Info>& infos() {
  static const std::vector<Info> all = [] {
    std::vector<Info> out;
    All::each([&]<class L>() { out.push_back(L::info); });
    return out;
  }();
  return all;
}

}  // namespace

const std::vector<Info>& loss_infos() { return infos(); }

const Info& find_loss(std::string_view name) {
  std::vector<std::string> names;
  for (const Info& info : infos()) {
    if (info.name == name) return info;
    names.emplace_back(info.name);
  }
  throw InputError(unknown("loss", name, names));
}

Loss Loss::parse(std::string_view text) {
  std::vector<std::string_view> words = split(text, ' ');
  std::erase(words, std::string_view());
  if (words.empty()) words.emplace_back();
  const Info& info = find_loss(words[0]);
  Loss loss{.name = std::string(info.name)};
  if (words.size() > 1) read_option(loss, info, Words(words).subspan(1));
  return loss;
}

std::string Loss::text() const {
  std::string out = name;
  if (balanced) out += " balanced";
  if (!weights.empty()) out += " weights";
  for (const double weight : weights) out.append(" ").append(text_of(weight));
  if (delta != Loss{}.delta) out.append(" ").append(text_of(delta));
  return out;
}

Loss resolved(Loss loss, std::span<const std::int64_t> counts) {
  if (!loss.balanced) return loss;
  double examples = 0, occurring = 0;
  for (const std::int64_t count : counts) {
    examples += static_cast<double>(count);
    occurring += count > 0;
  }
  loss.balanced = false;
  for (const std::int64_t count : counts)
    loss.weights.push_back(count > 0 ? examples / (occurring * static_cast<double>(count)) : 1);
  return loss;
}

}  // namespace basin::losses
