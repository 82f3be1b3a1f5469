// Any bytes: refused, or inflated to no more than deflate can hold; compressed input is then a whole IDX
// file.
#include "basin/core/error.hpp"
#include "basin/data/gzip.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> file(data, data + size);
  try {
    const std::vector<std::uint8_t> idx = basin::data::inflated_idx(file);
    if (!basin::data::is_gzip(file)) return 0;
    const basin::data::IdxView view = basin::data::parse_idx(idx);
    require(view.items.size() / 1032 <= size, "no more than deflate can hold");
    require(basin::data::peek_idx(file).extents == view.extents, "the header is the same at a glance");
  } catch (const basin::FormatError&) {
  }
  return 0;
}
