// How the text of an option is read, and which setting it fills. The table in options.cpp is made of these.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "basin/app/request.hpp"
#include "basin/core/domain.hpp"
#include "basin/schedules/range_test.hpp"
#include "cli/optimizer_options.hpp"
#include "cli/values.hpp"

namespace basin::cli {

// What a call of compare, tune, train or lr-find asks for: the study, and the options of the command alone.
struct Asked {
  app::Request request;
  OptimizerOptions optimizers;  // applied to the request once all options are read
  RangeTest range;              // for lr-find
  bool dry_run = false, json = false;
};

// One option as it was typed, with the names that an error message needs.
struct Typed {
  std::string verb, option;        // "train", "--lr"
  bool lists;                      // whether the verb accepts several values
  std::vector<std::string> texts;  // one, unless the option may be given again

  const std::string& text() const { return texts.front(); }
};

inline constexpr std::int64_t largest = 1'000'000'000;  // count of anything

// How an option is written.
enum class Form {
  positional,  // fmnist-cnn
  once,        // --lr 0.1
  repeated,    // --set adam.beta2=0.9 --set adam.eps=1e-6
  bare,        // --plateau, or --plateau 0.1,10
  rest,        // -- python3 train.py --lr {lr}
  flag         // --resume
};

struct Setting {
  // Parses and checks the texts, and stores the result. Throws InputError, which names the option.
  std::function<void(Asked&, const Typed&)> fill;
  Form form = Form::once;
  std::string usual = {};  // the default as text; empty if there is none
};

// Returns the part of `asked` that has a member of Owner.
template <class Owner>
Owner& part_of(Asked& asked) {
  if constexpr (std::is_same_v<Owner, Asked>)
    return asked;
  else if constexpr (std::is_same_v<Owner, app::Request>)
    return asked.request;
  else if constexpr (std::is_same_v<Owner, app::SearchRequest>)
    return asked.request.search ? *asked.request.search : asked.request.search.emplace();
  else if constexpr (std::is_same_v<Owner, Program>)
    return asked.request.program ? *asked.request.program : asked.request.program.emplace();
  else if constexpr (std::is_same_v<Owner, study::Settings>)
    return asked.request.settings;
  else if constexpr (std::is_same_v<Owner, OptimizerOptions>)
    return asked.optimizers;
  else
    return asked.range;
}
template <class Owner, class T>
T usual_of(T Owner::* member) {
  static Asked usual;
  return part_of<Owner>(usual).*member;
}

// A whole number in [low, high]. An initial value outside that range is not shown as a default: it means "the
// problem's own".
template <class Owner, class T>
Setting whole_number(T Owner::* member, std::int64_t low, std::int64_t high) {
  const auto fill = [=](Asked& asked, const Typed& typed) {
    const std::int64_t value = whole(typed.option, typed.text(), low, high);
    if constexpr (std::is_integral_v<T>)
      part_of<Owner>(asked).*member = static_cast<T>(value);
    else
      part_of<Owner>(asked).*member = static_cast<typename T::value_type>(value);
  };
  if constexpr (std::is_integral_v<T>)
    if (const auto usual = static_cast<std::int64_t>(usual_of(member)); usual >= low && usual <= high)
      return {fill, Form::once, std::to_string(usual)};
  return {fill};
}

template <class Owner, class T>
Setting real_number(T Owner::* member, const Range& range) {
  const auto fill = [=, &range](Asked& asked, const Typed& typed) {
    part_of<Owner>(asked).*member = number_in(range, typed.option, typed.text());
  };
  if constexpr (std::is_same_v<T, double>)
    return {fill, Form::once, as_typed(usual_of(member))};
  else
    return {fill};
}

template <class Owner>
Setting text(std::string Owner::* member, Form form = Form::once) {
  return {[=](Asked& asked, const Typed& typed) { part_of<Owner>(asked).*member = typed.text(); }, form,
          usual_of(member)};
}

template <class Owner>
Setting path(std::optional<std::filesystem::path> Owner::* member) {
  return {[=](Asked& asked, const Typed& typed) {
    part_of<Owner>(asked).*member = kept_path_of(typed.option, typed.text());
  }};
}

template <class Owner>
Setting flag(bool Owner::* member) {
  return {[=](Asked& asked, const Typed&) { part_of<Owner>(asked).*member = true; }, Form::flag};
}

// The settings of a configuration that are text (study::worded). `read` throws for text that it cannot parse.
using ReadsWords = std::function<void(const std::string&)>;
Setting words_with_commas(std::string name, ReadsWords read);
Setting repeated_words(std::string name, ReadsWords read);

Setting optimizers(std::string usual);
Setting rates();
Setting batch_sizes();
Setting knob_values();
Setting seconds(double Program::* member);
// All the texts.
template <class Owner>
Setting texts(std::vector<std::string> Owner::* member, Form form = Form::repeated) {
  return {[=](Asked& asked, const Typed& typed) { part_of<Owner>(asked).*member = typed.texts; }, form};
}
// Without a default that would be filled in.
template <class Owner>
Setting plain_text(std::string Owner::* member) {
  return {[=](Asked& asked, const Typed& typed) { part_of<Owner>(asked).*member = typed.text(); }};
}
// Names as `column_names` reads them.
Setting names_with_commas(data::Names app::Request::* member);
Setting patience();
Setting plateau();

}  // namespace basin::cli
