// Spaces and observations for the tests of a search.
#pragma once
#include "basin/search/sampler.hpp"

namespace basin::search {

inline Parameter real(std::string name, double low, double high, Scale scale = Scale::linear) {
  return {.name = std::move(name), .low = low, .high = high, .scale = scale};
}
inline Parameter integer(std::string name, double low, double high, Scale scale = Scale::linear) {
  return {.name = std::move(name), .kind = Kind::integer, .low = low, .high = high, .scale = scale};
}
inline Parameter category(std::string name, std::vector<std::string> choices) {
  return {.name = std::move(name), .kind = Kind::category, .choices = std::move(choices)};
}
inline Parameter under(Parameter p, std::string parent, std::string when) {
  p.parent = std::move(parent);
  p.when = std::move(when);
  return p;
}

// Every kind and scale, and a condition within a condition.
inline Space mixed() {
  return {{real("lr", 1e-5, 1, Scale::log), integer("layers", 1, 10), category("optimizer", {"sgd", "adam"}),
           under(real("beta1", 0.5, 0.999, Scale::complement_log), "optimizer", "adam"),
           under(category("decay", {"none", "some"}), "optimizer", "adam"),
           under(real("weight_decay", 1e-6, 1e-2, Scale::log), "decay", "some"), real("dropout", 0, 0.5),
           integer("batch", 8, 512, Scale::log)}};
}

inline Space unit_square() { return {{real("x", 0, 1), real("y", 0, 1)}}; }

}  // namespace basin::search
