// The different texts of a column, numbered as they come.
//
// Cost     28 to 36 bytes for a text, which is not copied; adding one takes a look-up
// Lifetime  the texts that are added must outlive this, except for those that are said to be passing
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace basin::data {

class CsvCategories {
 public:
  // Returns the number of `text`; -1 if it was not added.
  std::int32_t find(std::string_view text) const;
  // The same, and adds it if need be; a copy of it if it is `passing`.
  std::int32_t add(std::string_view text, bool passing);

  std::size_t size() const { return names_.size(); }
  std::string_view name(std::int32_t code) const { return names_[static_cast<std::size_t>(code)]; }

  // Returns the numbers in the order of the texts by their bytes.
  std::vector<std::int32_t> order() const;

 private:
  // Returns where `text` is in `slots_`, or the empty slot where it belongs.
  std::size_t slot_of(std::string_view text, std::uint32_t hash) const;
  void grow();

  std::vector<std::string_view> names_;
  std::vector<std::uint32_t> hashes_;
  std::vector<std::int32_t> slots_;  // open addressing; -1: empty. A power of two, at most half full
  std::deque<std::string> copies_;
};

}  // namespace basin::data
