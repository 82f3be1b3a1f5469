// Any bytes: refused, or the arrays and images that IDX, CIFAR and safetensors files hold.
#include "basin/core/error.hpp"
#include "basin/data/readers/cifar_images.hpp"
#include "basin/data/readers/idx_images.hpp"
#include "basin/data/readers/safetensors_arrays.hpp"
#include "tests/fuzz/require.hpp"

namespace {

template <class Parse>
void check(const Parse& parse) {
  try {
    parse();
  } catch (const basin::FormatError&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace basin::data;
  const std::span<const std::uint8_t> bytes(data, size);
  check([&] {
    const Array array = idx_array(bytes);
    require(floats(array).size() == elements_of(array.element, array.shape), "an element for each place");
  });
  check([&] {
    const LabelledImages images = idx_images(bytes.first(size / 2), bytes.subspan(size / 2));
    require(images.pixels.size() == images.count() * images.shape.bytes(), "an image for each label");
  });
  check([&] {
    const LabelledImages images = cifar_images(bytes, {.shape = {2, 2, 3}, .label_bytes = 2});
    require(images.count() * 14 == size, "records are the whole file");
  });
  check([&] {
    std::size_t held = 0;
    for (const auto& [name, array] : safetensors_arrays(bytes)) held += array.bytes.size();
    require(held < size, "the arrays are part of the file");
  });
  return 0;
}
