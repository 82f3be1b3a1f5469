// What is known about a loss without libtorch. Its computation is in basin/nn/losses, under the same name.
//
//   struct Huber {
//     static constexpr Info info{.name = "huber", .title = "Huber", ...};
//   };
#pragma once
#include <array>
#include <concepts>
#include <string_view>

#include "basin/metrics/metric.hpp"

namespace basin::losses {

using metrics::Targets;

enum class Option { none, class_weights, delta };  // what a loss may be told

struct Info {
  std::string_view name;   // "huber": what people type and files hold
  std::string_view title;  // "Huber"
  std::string_view help;   // one line for `basin list losses`
  Targets targets = Targets::classes;
  bool takes_both = false;  // the other kind of targets, too: see its file
  Option option = Option::none;
  std::array<std::string_view, 2> metrics;  // by default; the first ranks
};

template <class L>
concept Described = requires {
  { L::info } -> std::convertible_to<Info>;
};

}  // namespace basin::losses
