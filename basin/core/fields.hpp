// Fields: the members of a record, each declared once, in one line.
//
//   struct Epoch {
//     BASIN_RECORD(Epoch, "epoch")
//     BASIN_FIELD(int, epoch, required, "from 1") = 0;
//     BASIN_FIELD(double, seconds, required | measured, "spent in training up to here") = 0;
//     BASIN_FIELD(Score, validation, flat, "of the whole split, at the epoch's end") = {};
//   };
//
// JSON, the columns of SQL and CSV, the study document, the types of the page, and what a resumed run must
// have alike follow from these lines. A record stays an aggregate. A record with a member that is declared
// without BASIN_FIELD cannot be used (`every_member_is_a_field`). A type with a comma needs an alias.
#pragma once
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace basin {

inline constexpr double not_known = std::numeric_limits<double>::quiet_NaN();  // null in JSON

// What a field is, besides its name and type.
namespace trait {
inline constexpr unsigned plain = 0;
inline constexpr unsigned required = 1;  // a reader refuses a record without it; others keep their default
inline constexpr unsigned measured = 2;  // differs between two runs of the same command
inline constexpr unsigned flat = 4;  // a record, or values by name, that stand in its place: validation_loss
inline constexpr unsigned inlined = 8;        // the same, under their own names: loss
inline constexpr unsigned unless_empty = 16;  // left out while it is empty
inline constexpr unsigned by_parts = 32;      // compared part by part, where both sides know the part
inline constexpr unsigned words = 64;         // text in a small language, which its help names
}  // namespace trait

template <class R, class T, unsigned traits>
struct Field {
  std::string_view name;
  T R::* member;
  std::string_view help;  // with its unit

  static constexpr bool is(unsigned trait) { return (traits & trait) != 0; }
};

namespace detail {

template <int number>
using Line = std::integral_constant<int, number>;

inline constexpr int most_lines = 64;  // of a record

template <class R, int number>
constexpr auto field_in_line() {
  if constexpr (requires { R::basin_field(Line<number>{}); })
    return std::tuple{R::basin_field(Line<number>{})};
  else
    return std::tuple<>{};
}

template <class R, int... below>
constexpr auto fields_in_lines(std::integer_sequence<int, below...>) {
  return std::tuple_cat(field_in_line<R, R::basin_line + below>()...);
}

struct Anything {
  template <class T>
  operator T() const;
};

// Returns how many members an aggregate has.
template <class R, class... First>
constexpr std::size_t count_members() {
  if constexpr (requires { R{First{}..., Anything{}}; })
    return count_members<R, First..., Anything>();
  else
    return sizeof...(First);
}

}  // namespace detail

// `text` is its name in messages.
#define BASIN_RECORD(type, text)                         \
  using BasinRecord = type;                              \
  static constexpr std::string_view record_name = text;  \
  static constexpr std::string_view record_type = #type; \
  static constexpr int basin_line = __LINE__;

#define BASIN_FIELD(type, name, traits, help)                                            \
  static constexpr auto basin_field(::basin::detail::Line<__LINE__>) {                   \
    using namespace ::basin::trait;                                                      \
    return ::basin::Field<BasinRecord, type, (traits)>{#name, &BasinRecord::name, help}; \
  }                                                                                      \
  type name

template <class R>
concept Record = requires { R::basin_line; };

// Returns the fields of a record in the order of their lines, as a tuple of Field.
template <Record R>
constexpr auto fields_of() {
  return detail::fields_in_lines<R>(std::make_integer_sequence<int, detail::most_lines>{});
}

// Values by name, which stand in the place of a flat field.
template <class T>
concept ValuesByName = std::is_same_v<std::remove_const_t<T>, std::map<std::string, typename T::mapped_type>>;

template <Record R>
constexpr bool every_member_is_a_field =
    std::tuple_size_v<decltype(fields_of<R>())> == detail::count_members<R>();

// Calls visit(field, value) for each member of a record, which may be const. `visit` takes the field by
// value, so that `if constexpr` can ask for its traits.
template <Record R, class Visit>
constexpr void for_each_member(R& record, Visit&& visit) {
  using Plain = std::remove_const_t<R>;
  static_assert(every_member_is_a_field<Plain>, "a member of this record is declared without BASIN_FIELD");
  std::apply([&](auto... field) { (visit(field, record.*field.member), ...); }, fields_of<Plain>());
}

// A field in a table, where a flat record becomes columns.
struct Leaf {
  std::string name;  // after the name of its flat record: validation_loss
  bool required, measured;
  std::string_view help;  // of the outermost field
};

// Calls visit(leaf, field, value) for each member; for the members of a flat or inlined record, and for the
// values of a flat map, in its place.
template <Record R, class Visit>
constexpr void for_each_leaf(R& record, Visit&& visit) {
  using namespace trait;
  for_each_member(record, [&](auto field, auto& value) {
    if constexpr (ValuesByName<std::remove_reference_t<decltype(value)>> && field.is(flat)) {
      for (auto& [name, part] : value)
        visit(Leaf{std::string(field.name) + "_" + name, false, field.is(measured), field.help}, field, part);
    } else if constexpr (field.is(flat | inlined)) {
      const std::string before = field.is(flat) ? std::string(field.name) + "_" : "";
      for_each_leaf(value, [&](Leaf leaf, auto inner, auto& part) {
        leaf.name.insert(0, before);
        leaf.required = leaf.required && field.is(required);
        leaf.measured = leaf.measured || field.is(measured);
        leaf.help = field.help;
        visit(leaf, inner, part);
      });
    } else {
      visit(Leaf{std::string(field.name), field.is(required), field.is(measured), field.help}, field, value);
    }
  });
}

// The same with the record's defaults.
template <Record R, class Visit>
constexpr void for_each_leaf_of(Visit&& visit) {
  const R defaults{};
  for_each_leaf(defaults, visit);
}

}  // namespace basin
