// Any bytes: refused, or an IDX file whose items are exactly the bytes after its header.
#include "basin/data/idx.hpp"

#include "basin/core/error.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const basin::data::IdxView view = basin::data::parse_idx({data, size});
    std::size_t items = 1;
    for (const std::size_t extent : view.extents) items *= extent;
    require(items == view.items.size(), "the product of the extents is the number of items");
    require(4 + 4 * view.extents.size() + items == size, "header and items are the whole file");
  } catch (const basin::FormatError&) {
  }
  return 0;
}
