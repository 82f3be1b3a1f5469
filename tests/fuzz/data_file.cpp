// Any bytes: a kind of data, or a refusal in one line; as a gzip file, refused or no larger than the limit.
#include <string>

#include "basin/core/error.hpp"
#include "basin/data/gzip.hpp"
#include "basin/data/readers/detect.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace basin::data;
  constexpr std::size_t limit = 100'000;
  for (const char* name : {"file", "file.txt", "file.bin"}) {
    try {
      require(!name_of(detect(name, {data, size}, size)).empty(), "a kind has a name");
    } catch (const basin::InputError& e) {
      require(std::string(e.what()).find('\n') == std::string::npos, "a refusal is one line");
    }
  }
  const std::vector<std::uint8_t> file(data, data + size);
  try {
    const std::vector<std::uint8_t> whole = inflated(file, limit);
    require(whole.size() <= limit || !is_gzip(file), "no more than the limit");
    const std::vector<std::uint8_t> begun = inflated_beginning(file, 100);
    require(std::equal(begun.begin(), begun.end(), whole.begin()), "the beginning is that of the whole");
  } catch (const basin::FormatError&) {
  }
  return 0;
}
