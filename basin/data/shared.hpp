// A decoded data set in memory: bytes, labels and shape, in one block that processes can share.
//
// Layout   u64 magic, then u64 each: train records, test records, height, width, channels, classes; then the
//          images of train and of test, u8, record x height x width x channels (channels last), then their
//          labels, u8
// Cost     the parent decodes once into an anonymous, sealed file (memfd) that workers inherit and map
//          without a copy
#pragma once
#include <cstdint>
#include <span>

namespace basin::data {

// A view of the images and labels of one data set. Valid as long as the memory it points to.
struct ImageSet {
  std::int64_t height = 0, width = 0, channels = 0, classes = 0;
  std::span<const std::uint8_t> train_images, train_labels, test_images, test_labels;

  std::int64_t image_bytes() const { return height * width * channels; }
  std::int64_t train_count() const { return static_cast<std::int64_t>(train_labels.size()); }
  std::int64_t test_count() const { return static_cast<std::int64_t>(test_labels.size()); }
};

// Shared memory with one data set; unmapped and closed by the destructor.
class SharedSet {
 public:
  // Creates an anonymous file of the right size, writable until `seal`; executed programs inherit it. Throws
  // InputError for a set without images or with more than 256 classes, Error if memory is short.
  static SharedSet create(std::int64_t train, std::int64_t test, std::int64_t height, std::int64_t width,
                          std::int64_t channels, std::int64_t classes);
  // Maps what another process created. `fd` remains the caller's, who may close it or map it again. Throws
  // FormatError if the header does not fit `bytes` or the file is shorter, Error if it cannot be mapped.
  static SharedSet map(int fd, std::size_t bytes);
  // Returns a sealed set with the same `block` as another. Throws as `map` and `create` do.
  static SharedSet copy(std::span<const std::uint8_t> block);
  SharedSet(SharedSet&&) noexcept;
  SharedSet& operator=(SharedSet&&) noexcept;
  ~SharedSet();

  ImageSet view() const;
  std::span<const std::uint8_t> block() const { return {base_, bytes_}; }  // including the header
  // For filling. Each throws Error after `seal` and for a mapped set.
  std::span<std::uint8_t> train_images(), train_labels(), test_images(), test_labels();
  void seal();                    // makes it read-only for everybody
  int fd() const { return fd_; }  // -1 for a mapped set
  std::size_t bytes() const { return bytes_; }

 private:
  SharedSet() = default;
  std::span<std::uint8_t> writable(std::span<const std::uint8_t> part);

  int fd_ = -1;
  std::uint8_t* base_ = nullptr;
  std::size_t bytes_ = 0;
  bool writable_ = false;
};

}  // namespace basin::data
