// A list of types: the rules, the links, the shapes of a schedule.
#pragma once
#include <cstddef>

namespace basin {

template <class... T>
struct List {
  static constexpr std::size_t size = sizeof...(T);
  // Calls visit.operator()<T>() for every type, in order.
  template <class Visit>
  static void each(Visit&& visit) {
    (visit.template operator()<T>(), ...);
  }
};

}  // namespace basin
