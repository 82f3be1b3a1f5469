// A decoded data set in memory: named columns of numbers in one block that processes can share.
//
// Layout   u64 magic; u64 length of the directory; the directory, JSON: {"attributes": {name: text},
//          "columns": [{name, type, shape, offset}]}; then the columns, each from an offset divisible by 64,
//          row-major, little-endian. The first extent of a column counts its records
// Names    PART.WHAT: train.images, train.labels, test.targets; kinds/kinds.hpp says what a kind of data has
// Cost     the parent decodes once into an anonymous, sealed file (memfd) that workers inherit and map
//          without a copy
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace basin::data {

enum class Type { u8, u16, i32, i64, f32 };
std::string_view name_of(Type type);
std::size_t size_of(Type type);  // in bytes

template <class T>
struct TypeOf;
template <>
struct TypeOf<std::uint8_t> {
  static constexpr Type type = Type::u8;
};
template <>
struct TypeOf<std::uint16_t> {
  static constexpr Type type = Type::u16;
};
template <>
struct TypeOf<std::int32_t> {
  static constexpr Type type = Type::i32;
};
template <>
struct TypeOf<std::int64_t> {
  static constexpr Type type = Type::i64;
};
template <>
struct TypeOf<float> {
  static constexpr Type type = Type::f32;
};

using Extents = std::vector<std::int64_t>;
using Attributes = std::map<std::string, std::string>;

// A column to be created.
struct NewColumn {
  std::string name;
  Type type;
  Extents shape;
};

struct Column {
  std::string name;
  Type type;
  Extents shape;
  std::span<const std::uint8_t> bytes;  // valid as long as the memory it points to

  std::int64_t records() const { return shape.front(); }
  // Throws Error for another type.
  template <class T>
  std::span<const T> as() const {
    check(TypeOf<T>::type);
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }

 private:
  void check(Type wanted) const;
};

// Shared memory with one data set; unmapped and closed by the destructor.
class SharedSet {
 public:
  // Creates an anonymous file of the right size, all zeros, writable until `seal`; executed programs inherit
  // it. Throws InputError for a negative extent, a repeated name or sizes that overflow, Error if memory is
  // short.
  static SharedSet create(const std::vector<NewColumn>& columns, Attributes attributes = {});
  // Maps what another process created. `fd` remains the caller's, who may close it or map it again. Throws
  // FormatError if the directory does not fit `bytes` or the file is shorter, Error if it cannot be mapped.
  static SharedSet map(int fd, std::size_t bytes);
  // Returns a sealed set with the same `block` as another. Throws as `map` and `create` do.
  static SharedSet copy(std::span<const std::uint8_t> block);
  SharedSet(SharedSet&&) noexcept;
  SharedSet& operator=(SharedSet&&) noexcept;
  ~SharedSet();

  const std::vector<Column>& columns() const { return columns_; }
  const Attributes& attributes() const { return attributes_; }
  bool has(std::string_view name) const { return find(name) != nullptr; }
  // Throws Error for a column that is not there.
  const Column& at(std::string_view name) const;
  // Returns a column for filling. Throws Error after `seal`, for a mapped set, and for another type.
  template <class T>
  std::span<T> fill(std::string_view name) {
    const std::span<const T> column = at(name).as<T>();
    check_writable();
    return {const_cast<T*>(column.data()), column.size()};
  }

  std::span<const std::uint8_t> block() const { return {base_, bytes_}; }  // all of it
  void seal();                                                             // makes it read-only for everybody
  int fd() const { return fd_; }                                           // -1 for a mapped set
  std::size_t bytes() const { return bytes_; }

 private:
  SharedSet() = default;
  static SharedSet reserved(std::size_t bytes);
  const Column* find(std::string_view name) const;
  void check_writable() const;
  void read_directory();

  int fd_ = -1;
  std::uint8_t* base_ = nullptr;
  std::size_t bytes_ = 0;
  bool writable_ = false;
  std::vector<Column> columns_;
  Attributes attributes_;
};

}  // namespace basin::data
