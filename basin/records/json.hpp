// Records as JSON: one pair for all of them.
//
// Writes   an object with a key for each field, or each field of a flat record; null for a number that is not
//          finite
// Reads    the same. Ignores an unknown key, so that an older basin reads what a newer one wrote. A missing
//          field keeps its default, so that a newer basin reads what an older one wrote
// Refuses  a missing required field and a value of another type: InputError, "trial: 'number' is missing"
#pragma once
#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "basin/core/error.hpp"
#include "basin/core/fields.hpp"

namespace basin {

// An enumeration from 0 with a name for each value, which names_of(State{}) returns; found by its argument.
template <class T>
concept Named = std::is_enum_v<T> && requires(T value) { names_of(value); };

namespace detail {

// --- writing

template <class Json, class T>
Json value_as(const T& value) {
  if constexpr (std::is_same_v<T, double>) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
  } else if constexpr (Named<T>) {
    return names_of(value)[static_cast<std::size_t>(value)];
  } else if constexpr (Record<T>) {
    Json out = Json::object();
    for_each_leaf(value, [&](const Leaf& leaf, auto field, const auto& part) {
      if constexpr (field.is(trait::unless_empty))
        if (part.empty()) return;
      out[leaf.name] = value_as<Json>(part);
    });
    return out;
  } else if constexpr (requires { value.has_value(); }) {
    return value ? value_as<Json>(*value) : Json(nullptr);
  } else if constexpr (requires { value.push_back(value.front()); } && !std::is_same_v<T, std::string>) {
    Json out = Json::array();
    for (const auto& part : value) out.push_back(value_as<Json>(part));
    return out;
  } else if constexpr (requires { typename T::mapped_type; }) {
    Json out = Json::object();
    for (const auto& [name, part] : value) out[name] = value_as<Json>(part);
    return out;
  } else {
    return value;
  }
}

// --- reading

template <Record R>
void read_record(const nlohmann::json& json, R& out);

// Reads the value of one key. Messages name the record and the key.
class Reader {
 public:
  Reader(std::string_view what, std::string key) : what_(what), key_(std::move(key)) {}

  void read(const nlohmann::json& json, double& out) const {
    if (!json.is_number() && !json.is_null()) wrong("a number or null", json);
    out = json.is_null() ? not_known : json.get<double>();
  }
  template <std::integral T>
  void read(const nlohmann::json& json, T& out) const {
    const bool fits = json.is_number_unsigned()
                          ? std::in_range<T>(json.get<std::uint64_t>())
                          : json.is_number_integer() && std::in_range<T>(json.get<std::int64_t>());
    if (!fits) wrong(std::is_signed_v<T> ? "a whole number" : "a whole number of 0 or more", json);
    out = json.get<T>();
  }
  void read(const nlohmann::json& json, std::string& out) const {
    if (!json.is_string()) wrong("a string", json);
    out = json.get<std::string>();
  }
  template <Named T>
  void read(const nlohmann::json& json, T& out) const {
    const auto names = names_of(T{});
    const auto found = std::ranges::find_if(names, [&](const char* name) { return json == name; });
    if (found == names.end()) wrong(one_of(names), json);
    out = static_cast<T>(found - names.begin());
  }
  template <class T>
  void read(const nlohmann::json& json, std::map<std::string, T>& out) const {
    if (!json.is_object()) wrong("an object", json);
    out.clear();
    for (const auto& [name, value] : json.items()) Reader(what_, name).read(value, out[name]);
  }
  template <class T>
  void read(const nlohmann::json& json, std::vector<T>& out) const {
    if (!json.is_array()) wrong("a list", json);
    out.clear();
    for (const auto& value : json) read(value, out.emplace_back());
  }
  template <class T>
  void read(const nlohmann::json& json, std::optional<T>& out) const {
    if (json.is_null())
      out.reset();
    else
      read(json, out.emplace());
  }
  template <Record T>
  void read(const nlohmann::json& json, T& out) const {
    read_record(json, out);
  }

 private:
  [[noreturn]] void wrong(const std::string& wanted, const nlohmann::json& found) const {
    throw InputError(std::string(what_) + ": '" + key_ + "' must be " + wanted + ", it is " + found.dump());
  }
  static std::string one_of(const auto& names) {
    std::string out = names.front();
    for (std::size_t i = 1; i < names.size(); ++i)
      out += (i + 1 == names.size() ? " or " : ", ") + std::string(names[i]);
    return out;
  }

  std::string_view what_;
  std::string key_;
};

// Reads the values whose keys begin with `prefix`.
void read_flat(const nlohmann::json& json, std::string_view what, const std::string& prefix, auto& out) {
  out.clear();
  for (const auto& [key, value] : json.items())
    if (key.starts_with(prefix)) Reader(what, key).read(value, out[key.substr(prefix.size())]);
}

template <Record R>
void read_record(const nlohmann::json& json, R& out) {
  const std::string what(R::record_name);
  if (!json.is_object()) throw InputError(what + ": wanted an object, found " + json.type_name());
  for_each_leaf(out, [&](const Leaf& leaf, auto, auto& value) {
    if (const auto found = json.find(leaf.name); found != json.end())
      Reader(R::record_name, leaf.name).read(*found, value);
    else if (leaf.required)
      throw InputError(what + ": '" + leaf.name + "' is missing");
  });
  for_each_member(out, [&](auto field, auto& value) {
    if constexpr (field.is(trait::flat) && ValuesByName<std::remove_reference_t<decltype(value)>>)
      read_flat(json, R::record_name, std::string(field.name) + "_", value);
  });
}

}  // namespace detail

// Returns a record as an object of nlohmann::json, or of nlohmann::ordered_json with the keys in the order of
// the fields.
template <class Json, Record R>
Json json_of(const R& record) {
  return detail::value_as<Json>(record);
}

}  // namespace basin

// nlohmann::json calls these.
template <basin::Record R>
struct nlohmann::adl_serializer<R> {
  static void to_json(auto& json, const R& record) {
    json = basin::json_of<std::remove_reference_t<decltype(json)>>(record);
  }
  static void from_json(const nlohmann::json& json, R& record) { basin::detail::read_record(json, record); }
};
