// Any bytes: refused, or arrays that are together no larger than the limit.
#include "basin/data/readers/npz.hpp"

#include "basin/core/error.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t limit = 100'000;
  try {
    std::size_t bytes = 0;
    for (const auto& [name, array] : basin::data::parse_npz({data, size}, limit)) bytes += array.bytes.size();
    require(bytes <= limit, "no more than the limit");
  } catch (const basin::FormatError&) {
  }
  return 0;
}
