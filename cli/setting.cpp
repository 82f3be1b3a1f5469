#include "cli/setting.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "basin/kernels/chain.hpp"
#include "basin/rules/catalogue.hpp"

namespace basin::cli {
namespace {

// Returns the items between the commas of one text.
std::vector<std::string> list(const Typed& typed, const std::string& option, const std::string& text) {
  std::vector<std::string> parts = items(option, text);
  if (!typed.lists && parts.size() > 1)
    throw InputError(fmt::format("{}: {} wants one value, found {}; compare takes lists", option, typed.verb,
                                 parts.size()));
  return parts;
}
std::vector<std::string> list(const Typed& typed) { return list(typed, typed.option, typed.text()); }

// Adds an optimizer; `all` means every optimizer of the catalogue, in PyTorch's dialect.
void add_optimizer(std::vector<std::string>& out, const std::string& name, bool lists) {
  if (name != "all" || !lists) return out.push_back(name);
  for (const RuleInfo& info : catalogue())
    if (info.dialect_of.empty()) out.push_back(info.name);
}

SetValues set_values(const Typed& typed, const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::size_t dot = text.rfind('.', equals);  // a chain's settings may have points of their own
  if (dot == std::string::npos || equals == std::string::npos)
    throw InputError(fmt::format("{}: '{}' is not OPTIMIZER.KNOB=VALUES; write it like adam.beta2=0.99,0.999",
                                 typed.option, text));
  return {text.substr(0, dot), text.substr(dot + 1, equals - dot - 1),
          list(typed, typed.option + " " + text.substr(0, equals), text.substr(equals + 1))};
}

study::Plateau plateau_of(const Typed& typed) {
  study::Plateau out;
  if (typed.text().empty()) return out;
  const std::vector<std::string> parts = items(typed.option, typed.text());
  if (parts.size() != 2 && !(parts.size() == 3 && (parts[2] == "keras" || parts[2] == "pytorch")))
    throw InputError(fmt::format("{}: '{}' is not FACTOR,PATIENCE; write it like 0.1,10 or 0.1,10,pytorch",
                                 typed.option, typed.text()));
  if (parts.size() == 3) out.dialect = parts[2];
  static constexpr Range factor{0, 1, true, true, 0, 1, Scale::linear, "between 0 and 1"};
  out.factor = number_in(factor, typed.option, parts[0]);
  out.patience = static_cast<int>(whole(typed.option, parts[1], 1, largest));
  return out;
}

// Parses each text once, so that a wrong one is refused here.
void take_words(Asked& asked, const std::string& name, const std::vector<std::string>& texts,
                const ReadsWords& read) {
  for (const std::string& text : texts) read(text);
  asked.request.arms.words[name] = texts;
}

}  // namespace

Setting words_with_commas(std::string name, ReadsWords read) {
  const auto factor = std::ranges::find(study::worded, name, &study::Worded::name);
  const std::string usual = study::usual(*factor);
  return {[=](Asked& asked, const Typed& typed) { take_words(asked, name, list(typed), read); }, Form::once,
          usual};
}

Setting repeated_words(std::string name, ReadsWords read) {
  const auto fill = [=](Asked& asked, const Typed& typed) {
    if (!typed.lists && typed.texts.size() > 1)
      throw InputError(fmt::format("{}: {} wants one, found {}; compare takes several", typed.option,
                                   typed.verb, typed.texts.size()));
    take_words(asked, name, typed.texts, read);
  };
  return {fill, Form::repeated};
}

Setting optimizers(std::string usual) {
  const auto fill = [](Asked& asked, const Typed& typed) {
    std::vector<std::string>& out = asked.request.arms.optimizers;
    for (const std::string& name : list(typed)) add_optimizer(out, name, typed.lists);
    for (const std::string& name : out) kernels::Chain::parse(name);  // throws
  };
  return {fill, Form::once, std::move(usual)};
}

// "default" stands for the rate of each rule.
Setting rates() {
  return {[](Asked& asked, const Typed& typed) {
    if (typed.text() == "default") return;
    for (const std::string& item : list(typed))
      asked.request.arms.lr.push_back(number_in(domain::rate, typed.option, item));
  }};
}

Setting batch_sizes() {
  const auto fill = [](Asked& asked, const Typed& typed) {
    std::vector<std::int64_t>& out = asked.request.arms.batch_sizes;
    out.clear();
    for (const std::string& item : list(typed))
      out.push_back(item == "full" ? app::full_batch : whole(typed.option, item, 1, largest));
  };
  return {fill};
}

Setting names_with_commas(data::Names app::Request::* member) {
  return {[=](Asked& asked, const Typed& typed) {
    asked.request.*member = column_names(typed.option, typed.text());
  }};
}

Setting knob_values() {
  const auto fill = [](Asked& asked, const Typed& typed) {
    for (const std::string& text : typed.texts) asked.optimizers.set.push_back(set_values(typed, text));
  };
  return {fill, Form::repeated};
}

Setting seconds(double Program::* member) {
  return {[=](Asked& asked, const Typed& typed) {
    part_of<Program>(asked).*member = number_in(app::longest_silence, typed.option, typed.text());
  }};
}

Setting patience() {
  return {[](Asked& asked, const Typed& typed) {
    const auto epochs = static_cast<int>(whole(typed.option, typed.text(), 1, largest));
    asked.request.settings.patience = study::Patience{epochs};
  }};
}

Setting plateau() {
  return {[](Asked& asked, const Typed& typed) { asked.request.settings.plateau = plateau_of(typed); },
          Form::bare};
}

}  // namespace basin::cli
