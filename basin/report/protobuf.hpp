// Protocol buffers, as far as they are written here: one message under construction, with fields in the order
// of the calls.
//
// Layout   per field a varint `number << 3 | wire type`, then a varint (type 0), 8 bytes (1), a varint length
//          and as many bytes (2), or 4 bytes (5); little-endian
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace basin::report {

class Message {
 public:
  // A field that is 0 counts as absent and is left out, as proto3 requires.
  Message& whole(int field, std::int64_t value) {
    if (value != 0) key(field, 0).varint(static_cast<std::uint64_t>(value));
    return *this;
  }
  // These are always written: inside a `oneof`, a zero tells which field is set.
  Message& number(int field, double value) { return key(field, 1).raw(value); }
  Message& number(int field, float value) { return key(field, 5).raw(value); }
  Message& text(int field, std::string_view value) {
    key(field, 2).varint(value.size());
    bytes_ += value;
    return *this;
  }
  Message& message(int field, const Message& value) { return text(field, value.bytes_); }

  const std::string& bytes() const { return bytes_; }

 private:
  static_assert(std::endian::native == std::endian::little, "fixed fields are little-endian");

  Message& key(int field, unsigned wire) { return varint(static_cast<unsigned>(field) << 3 | wire); }
  Message& varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
    return *this;
  }
  template <class T>
  Message& raw(T value) {
    char out[sizeof value];
    std::memcpy(out, &value, sizeof value);
    bytes_.append(out, sizeof value);
    return *this;
  }
  std::string bytes_;
};

}  // namespace basin::report
