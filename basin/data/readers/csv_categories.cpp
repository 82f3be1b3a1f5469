#include "basin/data/readers/csv_categories.hpp"

#include <algorithm>
#include <functional>

namespace basin::data {
namespace {

constexpr std::size_t fewest_slots = 16;

std::uint32_t hash_of(std::string_view text) {
  const std::size_t hash = std::hash<std::string_view>{}(text);
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

// The first eight bytes, which decide most comparisons without a look at the text itself.
std::uint64_t prefix_of(std::string_view text) {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < 8; ++i)
    prefix = prefix << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
  return prefix;
}

}  // namespace

std::size_t CsvCategories::slot_of(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    const std::int32_t code = slots_[slot];
    if (code < 0 || (hashes_[static_cast<std::size_t>(code)] == hash && name(code) == text)) return slot;
  }
}

std::int32_t CsvCategories::find(std::string_view text) const {
  return slots_.empty() ? -1 : slots_[slot_of(text, hash_of(text))];
}

std::int32_t CsvCategories::add(std::string_view text, bool passing) {
  if (2 * (names_.size() + 1) > slots_.size()) grow();
  const std::uint32_t hash = hash_of(text);
  std::int32_t& code = slots_[slot_of(text, hash)];
  if (code >= 0) return code;
  code = static_cast<std::int32_t>(names_.size());
  names_.push_back(passing ? copies_.emplace_back(text) : text);
  hashes_.push_back(hash);
  return code;
}

void CsvCategories::grow() {
  slots_.assign(std::max(2 * slots_.size(), fewest_slots), -1);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    std::size_t slot = hashes_[i] & mask;
    while (slots_[slot] >= 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<std::int32_t>(i);
  }
}

std::vector<std::int32_t> CsvCategories::order() const {
  struct Entry {
    std::uint64_t prefix;
    std::int32_t code;
  };
  std::vector<Entry> entries;
  entries.reserve(names_.size());
  for (const std::string_view text : names_)
    entries.push_back({prefix_of(text), static_cast<std::int32_t>(entries.size())});
  std::ranges::sort(entries, [&](const Entry& a, const Entry& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix : name(a.code) < name(b.code);
  });
  std::vector<std::int32_t> out;
  out.reserve(entries.size());
  for (const Entry& entry : entries) out.push_back(entry.code);
  return out;
}

}  // namespace basin::data
