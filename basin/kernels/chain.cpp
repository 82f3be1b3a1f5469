#include "basin/kernels/chain.hpp"

#include "basin/kernels/tables.hpp"
#include "basin/rules/chains.hpp"

namespace basin::kernels {
namespace {

// Keeps blanks, which no name has.
std::vector<std::string> parts_between(std::string_view text, char separator) {
  const std::vector<std::string_view> parts = pieces(text, separator);
  return {parts.begin(), parts.end()};
}

double number(const std::string& text, const std::string& where) {
  if (const auto value = number_of(text)) return *value;
  throw InputError(where + ": '" + text + "' is not a number");
}

bool is_link(std::string_view name) {
  return std::ranges::any_of(link_tables(), [&](const LinkTable* table) { return table->info.name == name; });
}

// Lists links and optimizers together, for the message about a name that is neither.
[[noreturn]] void refuse_name(const std::string& name) {
  std::vector<std::string> known;
  for (const RuleInfo& info : catalogue()) known.push_back(info.name);
  for (const LinkTable* table : link_tables()) known.push_back(table->info.name);
  throw InputError(unknown("optimizer or link", name, known));
}

// Returns the links and rules of a text, with the names of chains expanded.
std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string& part : parts_between(text, '+')) {
    const auto named = std::ranges::find(rules::named_chains, part, &rules::NamedChain::name);
    if (named == rules::named_chains.end())
      out.push_back(part);
    else
      std::ranges::move(parts_of(named->chain), std::back_inserter(out));
  }
  return out;
}

// Removes "@8bit" from a text.
SlotFormat take_slot_format(std::string& text) {
  const std::size_t at = text.find('@');
  if (at == std::string::npos) return SlotFormat::native;
  const std::size_t begin = text.rfind('+', at) + 1,
                    end = std::min(text.find_first_of("+:", at), text.size());
  const SlotFormat format = slot_format_named(std::string_view(text).substr(at + 1, end - at - 1));
  const std::string before = text.substr(begin, text.find_first_of(":@", begin) - begin);
  if (is_link(before))
    throw InputError(before + " has no slots to keep in " + std::string(name_of(format)) +
                     "; write the format after the optimizer, as in adamw@" + std::string(name_of(format)));
  text.erase(at, end - at);
  return format;
}

AnyLink parse_link(const std::vector<std::string>& words) {
  AnyLink link = AnyLink::named(words[0]);
  const auto& knobs = link.info().knobs;
  if (words.size() - 1 > knobs.size())
    throw InputError(words[0] + " takes " + std::to_string(knobs.size()) + " settings, not " +
                     std::to_string(words.size() - 1));
  for (std::size_t i = 1; i < words.size(); ++i) link.set(knobs[i - 1].name, number(words[i], words[0]));
  return link;
}

AnyRule parse_rule(const std::vector<std::string>& words) {
  AnyRule rule = AnyRule::named(words[0]);
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::vector<std::string> setting = parts_between(words[i], '=');
    if (setting.size() != 2)
      throw InputError(words[0] + ": '" + words[i] + "' is not a setting; write it like adamw:eps=1e-06");
    rule.set(setting[0], number(setting[1], words[0]));
  }
  return rule;
}

std::string text_of_link(const AnyLink& link) {
  std::string out = link.info().name;
  for (const Knob& knob : link.info().knobs) out.append(":").append(text_of(link.get(knob.name)));
  return out;
}

void check_place(const AnyLink& link, Place place, const AnyRule& rule) {
  if (link.info().place == place) return;
  const bool before = place == Place::gradient;
  throw InputError(
      link.info().name + " comes " + (before ? "before " : "after ") + rule.info().name +
      "; it changes the " +
      (before ? "direction and belongs after the rule" : "gradient and belongs before the rule"));
}

}  // namespace

AnyLink AnyLink::named(std::string_view name) { return AnyLink(find_link(name)); }

Chain::Chain(std::vector<AnyLink> b, AnyRule r, std::vector<AnyLink> a)
    : before(std::move(b)), rule(std::move(r)), after(std::move(a)) {
  for (const AnyLink& link : before) check_place(link, Place::gradient, rule);
  for (const AnyLink& link : after) check_place(link, Place::direction, rule);
  if (rule.table().moves && !after.empty())
    throw InputError(rule.info().name + " moves the weights itself; nothing can come after it");
}

Chain Chain::parse(std::string_view whole) {
  std::string text(whole);
  const SlotFormat format = take_slot_format(text);
  std::vector<AnyLink> before, after;
  std::optional<AnyRule> rule;
  for (const std::string& part : parts_of(text)) {
    const std::vector<std::string> words = parts_between(part, ':');
    if (is_link(words[0])) {
      (rule ? after : before).push_back(parse_link(words));
    } else if (std::ranges::any_of(catalogue(), [&](const RuleInfo& i) { return i.name == words[0]; })) {
      if (rule) throw InputError("'" + text + "' has two rules, " + rule->info().name + " and " + words[0]);
      rule = parse_rule(words);
    } else if (text == part) {
      rule = AnyRule::named(text);  // throws
    } else {
      refuse_name(words[0]);
    }
  }
  if (!rule) throw InputError("'" + text + "' has links but no optimizer");
  rule->store_slots(format);
  return {std::move(before), *rule, std::move(after)};
}

Chain Chain::parse(std::string_view text, const std::map<std::string, double>& knobs) {
  Chain chain = parse(text);
  for (const auto& [knob, value] : knobs) chain.rule.set(knob, value);
  return chain;
}

std::string Chain::text() const {
  std::string out;
  for (const AnyLink& link : before) out.append(text_of_link(link)).append("+");
  out += rule.info().name;
  if (rule.slot_format() != SlotFormat::native) out.append("@").append(name_of(rule.slot_format()));
  for (const AnyLink& link : after) out.append("+").append(text_of_link(link));
  return out;
}

}  // namespace basin::kernels
