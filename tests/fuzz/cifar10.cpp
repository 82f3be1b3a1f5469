// Any bytes: refused, or a batch whose labels are classes and whose pixels are complete.
#include "basin/data/cifar10.hpp"

#include <algorithm>
#include <vector>

#include "basin/core/error.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace basin::data;
  try {
    const std::size_t records = count_cifar10(size);
    std::vector<std::uint8_t> images(records * cifar10::image), labels(records);
    decode_cifar10({data, size}, images, labels);
    require(std::ranges::all_of(labels, [](std::uint8_t label) { return label < cifar10::classes; }),
            "labels are classes");
    require(images.back() == data[size - 1], "the last blue is the last byte");
  } catch (const basin::FormatError&) {
  }
  return 0;
}
