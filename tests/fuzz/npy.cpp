// Any bytes: refused, or an array with as many elements as its shape says.
#include "basin/data/readers/npy.hpp"

#include "basin/core/error.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const basin::data::Array array = basin::data::parse_npy({data, size});
    require(array.bytes.size() < size, "the elements are part of the file");
    require(floats(array).size() == elements_of(array.element, array.shape), "an element for each place");
  } catch (const basin::FormatError&) {
  }
  return 0;
}
