// Small files for the data tests, and checks of messages.
#pragma once
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/paths.hpp"

namespace samples {

using Bytes = std::vector<std::uint8_t>;
namespace fs = std::filesystem;

inline Bytes idx(const std::vector<std::uint32_t>& extents, const Bytes& items) {
  Bytes bytes{0, 0, 8, static_cast<std::uint8_t>(extents.size())};
  for (const std::uint32_t extent : extents)
    for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(extent >> shift));
  bytes.insert(bytes.end(), items.begin(), items.end());
  return bytes;
}

// Bytes without a compressible pattern.
inline Bytes noise(std::size_t count, std::uint32_t seed = 1) {
  Bytes bytes(count);
  for (std::uint8_t& byte : bytes)
    byte = static_cast<std::uint8_t>((seed = seed * 1664525u + 1013904223u) >> 24);
  return bytes;
}

inline Bytes gzip(const Bytes& plain) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  Bytes out(deflateBound(&stream, plain.size()));
  stream.next_in = const_cast<Bytef*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// Records with ascending pixels and labels 0, 1, ..., 9, 0, ...
inline Bytes cifar10(std::size_t records) {
  Bytes bytes;
  for (std::size_t i = 0; i < records; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(i % 10));
    for (std::size_t p = 0; p < 3072; ++p) bytes.push_back(static_cast<std::uint8_t>(p * 7 + i));
  }
  return bytes;
}

inline void write(const fs::path& file, const Bytes& bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

// The four files of a set like MNIST, in which the brightness of an image is its class: 0, 1, ..., 9, 0, ...
inline void mnist_files(const fs::path& folder, std::uint32_t train, std::uint32_t test) {
  for (const auto& [part, count] : {std::pair{"train", train}, std::pair{"t10k", test}}) {
    Bytes images, labels;
    for (std::uint32_t i = 0; i < count; ++i) {
      labels.push_back(static_cast<std::uint8_t>(i % 10));
      images.insert(images.end(), 28 * 28, static_cast<std::uint8_t>(25 * (i % 10)));
    }
    write(folder / (std::string(part) + "-images-idx3-ubyte"), idx({count, 28, 28}, images));
    write(folder / (std::string(part) + "-labels-idx1-ubyte"), idx({count}, labels));
  }
}

// A folder that is removed with all its contents.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "basin-data-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  operator const fs::path&() const { return path_; }
  fs::path operator/(const fs::path& name) const { return path_ / name; }

 private:
  fs::path path_;
};

// Expects `call` to throw an E with a message of one line that contains `text`.
template <class E>
void expect_message(const auto& call, const std::string& text) {
  try {
    call();
    ADD_FAILURE() << "nothing was thrown; wanted: " << text;
  } catch (const E& e) {
    const std::string message = e.what();
    EXPECT_NE(message.find(text), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
}

// Returns the folder of the real data for tests; empty if it is not on this machine.
inline fs::path real_data() {
  const char* set = std::getenv("BASIN_TEST_DATA");
  const fs::path folder = set ? set : basin::paths::real_data;
  std::error_code none;
  return fs::is_directory(folder, none) ? folder : fs::path();
}

}  // namespace samples
