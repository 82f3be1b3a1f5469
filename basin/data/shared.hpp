// A decoded data set in memory: bytes, labels and shape, in one block that processes can share.
//
// Layout   u64 magic, then u64 each: train records, test records, height, width, channels, classes; then the images
//          of train and of test, u8, record x height x width x channels (channels last), then their labels, u8
// Cost     decoded once by the parent into an anonymous, sealed file (memfd) that workers inherit and map: no copy
#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace basin::data {

// A view of the images and labels of one data set. Valid as long as the memory that it points into.
struct ImageSet {
  std::int64_t height = 0, width = 0, channels = 0, classes = 0;
  std::span<const std::uint8_t> train_images, train_labels, test_images, test_labels;

  std::int64_t image_bytes() const { return height * width * channels; }
  std::int64_t train_count() const { return static_cast<std::int64_t>(train_labels.size()); }
  std::int64_t test_count() const { return static_cast<std::int64_t>(test_labels.size()); }
};

// Shared memory that holds one data set; unmapped and closed at the end of its life.
class SharedSet {
 public:
  // An anonymous file of the right size, writable until `seal`. Throws Error when memory is short.
  static SharedSet create(std::int64_t train, std::int64_t test, std::int64_t height, std::int64_t width,
                          std::int64_t channels, std::int64_t classes);
  // Maps what another process made. Throws FormatError when the header does not fit the `bytes`.
  static SharedSet map(int fd, std::size_t bytes);
  SharedSet(SharedSet&&) noexcept;
  SharedSet& operator=(SharedSet&&) noexcept;
  ~SharedSet();

  ImageSet view() const;
  std::span<std::uint8_t> train_images(), train_labels(), test_images(), test_labels();  // before `seal` only
  void seal();                 // read-only from here on, for everybody
  int fd() const { return fd_; }
  std::size_t bytes() const { return bytes_; }

 private:
  SharedSet() = default;
  int fd_ = -1;
  std::uint8_t* base_ = nullptr;
  std::size_t bytes_ = 0;
  bool writable_ = false;
};

}  // namespace basin::data
