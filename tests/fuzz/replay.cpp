// Replaces libFuzzer: runs each file of the corpus folders as it is, truncated at every byte, and with every
// byte changed in two ways. Deterministic, so that failures can be reproduced.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

std::size_t run(const Bytes& bytes, std::size_t size) {
  const Bytes exact(bytes.begin(),
                    bytes.begin() + static_cast<std::ptrdiff_t>(size));  // detects reads beyond its end
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
  return 1;
}

std::size_t run_near(Bytes seed) {
  std::size_t runs = run(seed, seed.size());
  for (std::size_t at = 0; at < seed.size(); ++at) {
    runs += run(seed, at);
    for (const int change : {0x01, 0xff}) {
      seed[at] ^= static_cast<std::uint8_t>(change);
      runs += run(seed, seed.size());
      seed[at] ^= static_cast<std::uint8_t>(change);
    }
  }
  return runs;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t runs = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream in(entry.path(), std::ios::binary);
      runs += run_near(Bytes(std::istreambuf_iterator<char>(in), {}));
    }
  std::printf("%zu runs\n", runs);
  return runs > 0 ? 0 : 1;
}
