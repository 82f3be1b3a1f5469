// Records as types of TypeScript, as records/json.hpp writes them.
#pragma once
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "basin/core/fields.hpp"
#include "basin/records/json.hpp"

namespace basin {
namespace detail {

template <class T>
struct Typescript;

template <>
struct Typescript<double> {
  static std::string type() { return "number | null"; }
};
template <std::integral T>
struct Typescript<T> {
  static std::string type() { return "number"; }
};
template <>
struct Typescript<std::string> {
  static std::string type() { return "string"; }
};
template <Record R>
struct Typescript<R> {
  static std::string type() { return std::string(R::record_type); }
};
template <Named T>
struct Typescript<T> {
  static std::string type() {
    std::string out;
    for (const char* name : names_of(T{})) out += (out.empty() ? "\"" : " | \"") + std::string(name) + "\"";
    return out;
  }
};
template <class T>
struct Typescript<std::optional<T>> {
  static std::string type() { return Typescript<T>::type() + " | null"; }
};
template <class T>
struct Typescript<std::vector<T>> {
  static std::string type() { return Typescript<T>::type() + "[]"; }
};
template <class T>
struct Typescript<std::map<std::string, T>> {
  static std::string type() { return "Record<string, " + Typescript<T>::type() + ">"; }
};

}  // namespace detail

// Returns "export interface Score { ... }", with a line for each key.
template <Record R>
std::string typescript_interface() {
  std::string out = "export interface " + std::string(R::record_type) + " {\n";
  for_each_leaf_of<R>([&](const Leaf& leaf, auto field, const auto& value) {
    out += "  " + leaf.name + (field.is(trait::unless_empty) ? "?: " : ": ") +
           detail::Typescript<std::remove_cvref_t<decltype(value)>>::type() + ";";
    if (!leaf.help.empty()) out += " // " + std::string(leaf.help);
    out += "\n";
  });
  const R defaults{};
  for_each_member(defaults, [&](auto field, const auto& values) {
    using Values = std::remove_cvref_t<decltype(values)>;
    if constexpr (field.is(trait::flat) && ValuesByName<Values>)
      out += "  [metric: `" + std::string(field.name) +
             "_${string}`]: " + detail::Typescript<typename Values::mapped_type>::type() + "; // " +
             std::string(field.help) + "\n";
  });
  return out + "}\n";
}

// Returns "export const phases = ["data", ...] as const;", the keys at run time.
template <Record R>
std::string typescript_keys(const std::string& name) {
  std::string keys;
  for_each_leaf_of<R>([&](const Leaf& leaf, auto, const auto&) {
    keys += (keys.empty() ? "\"" : ", \"") + leaf.name + "\"";
  });
  return "export const " + name + " = [" + keys + "] as const;\n";
}

}  // namespace basin
