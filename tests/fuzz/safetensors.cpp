// Any bytes: refused, or tensors that are exactly the bytes behind the header, and that come back when they
// are written again.
#include "basin/storage/safetensors.hpp"

#include <algorithm>

#include "basin/core/error.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace basin::storage;
  try {
    const std::vector<TensorBytes> tensors = parse_safetensors({data, size});
    safetensors_metadata({data, size});
    std::size_t bytes = 0;
    for (const TensorBytes& tensor : tensors) bytes += tensor.bytes.size();
    require(bytes <= size - 8, "no more bytes than there are");
    require(tensors.empty() || tensors.back().bytes.data() + tensors.back().bytes.size() == data + size,
            "the last tensor ends with the file");
    const std::string again = safetensors(tensors);
    const auto back = parse_safetensors({reinterpret_cast<const std::uint8_t*>(again.data()), again.size()});
    require(back.size() == tensors.size(), "what was read can be written");
    for (const TensorBytes& tensor : back) {
      const auto before = std::ranges::find(tensors, tensor.name, &TensorBytes::name);
      require(before != tensors.end() && before->type == tensor.type && before->shape == tensor.shape &&
                  std::ranges::equal(before->bytes, tensor.bytes),
              "and is the same");
    }
  } catch (const basin::FormatError&) {
  }
  return 0;
}
