#include "basin/report/page.hpp"

#include <cstddef>

namespace basin::report {

// Defined in the file that page_bytes.cmake writes.
extern const unsigned char page_bytes[];
extern const std::size_t page_size;

std::string_view page_template() { return {reinterpret_cast<const char*>(page_bytes), page_size}; }

std::string page_with(std::string_view study_json) {
  constexpr std::string_view placeholder = "@STUDY@";
  const std::string_view page = page_template();
  const std::size_t at = page.find(placeholder);
  std::string out;
  out.reserve(page.size() + study_json.size());
  out += page.substr(0, at);
  // In JSON, `<` occurs only in strings. Escaped, no text in a study can end the script element ("</script")
  // or open a comment in it ("<!--").
  for (const char c : study_json) c == '<' ? out += "\\u003c" : out += c;
  out += page.substr(at + placeholder.size());
  return out;
}

}  // namespace basin::report
