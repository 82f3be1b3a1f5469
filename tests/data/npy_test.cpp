// NPY and NPZ: every type and order that NumPy wrote into tests/data/files, and every refusal.
#include "basin/data/readers/npy.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "basin/data/readers/npz.hpp"
#include "basin/storage/file.hpp"
#include "tests/data/damage.hpp"
#include "tests/data/samples.hpp"
#include "tests/refusal.hpp"

namespace {

using namespace basin;
using data::Array;
using data::Element;
using data::parse_npy;
using data::parse_npz;
using samples::Bytes;
using Shape = std::vector<std::int64_t>;

constexpr std::size_t megabyte = 1u << 20;

Bytes file(const std::string& name) {
  return storage::read_file(std::filesystem::path(paths::source) / "tests/data/files" / name);
}

Bytes npy(const std::string& header, const Bytes& elements, int version = 1) {
  Bytes out{0x93, 'N', 'U', 'M', 'P', 'Y', static_cast<std::uint8_t>(version), 0};
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
    out.push_back(static_cast<std::uint8_t>(header.size() >> 8 * i));
  out.insert(out.end(), header.begin(), header.end());
  out.insert(out.end(), elements.begin(), elements.end());
  return out;
}

const std::string u1_2x3 = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }  \n";

std::string refused(const std::string& header, const Bytes& elements = {}) {
  return refusal([&] { parse_npy(npy(header, elements)); });
}

// The values that the arrays of numpy.npz have, by their type.
float expected(const std::string& type, int i) {
  const auto value = static_cast<float>(i);
  if (type == "b1") return static_cast<float>(i % 2);
  if (type[0] == 'u') return 10 * value;
  return type[0] == 'i' ? value - 10 : value / 4 - 2.5f;
}

TEST(Npz, ReadsWhatNumpyWrote) {
  const auto arrays = parse_npz(file("numpy.npz"), megabyte);
  EXPECT_EQ(arrays.size(), 47u);  // 11 types in two byte orders and two orders of axes, and three others
  for (const auto& [name, array] : arrays) {
    if (name.size() != 5 || name == "empty") continue;
    EXPECT_EQ(array.shape, (Shape{2, 3, 4})) << name;
    const std::vector<float> values = floats(array);
    ASSERT_EQ(values.size(), 24u) << name;
    for (int i = 0; i < 24; ++i) EXPECT_EQ(values[std::size_t(i)], expected(name.substr(0, 2), i)) << name;
    if (name[0] == 'f') continue;
    EXPECT_EQ(static_cast<float>(integers(array)[17]), expected(name.substr(0, 2), 17)) << name;
  }
  EXPECT_EQ(floats(arrays.at("scalar")), std::vector<float>{7});
  EXPECT_TRUE(arrays.at("scalar").shape.empty());
  EXPECT_EQ(arrays.at("empty").shape, (Shape{0, 3}));
  EXPECT_EQ(integers(arrays.at("one")), (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(refusal([&] { integers(arrays.at("f4leC")); }), "array: wanted whole numbers, found f32");

  const auto stored = parse_npz(file("numpy_stored.npz"), megabyte);
  EXPECT_EQ(floats(stored.at("a")), (std::vector<float>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(stored.at("b").element, Element::i64);
}

TEST(Npz, StopsAtTheLimit) {
  EXPECT_EQ(refusal([] { parse_npz(file("numpy.npz"), 9000); }),
            "'f8beF': archive: wanted at most 9000 bytes when unpacked, found more");
}

TEST(Npz, RefusesDamage) {
  EXPECT_EQ(refusal([] { parse_npz(Bytes{1, 2, 3}, megabyte); }),
            "byte 0: wanted a zip archive, which begins with PK, found something else");
  Bytes damaged = file("numpy_stored.npz");
  damaged[200] ^= 1;  // an element of `a`, or the padding before it
  EXPECT_NE(refusal([&] { parse_npz(damaged, megabyte); }).find("wanted an undamaged zip archive"),
            std::string::npos);
  samples::survives_damage(file("numpy_stored.npz"), [](auto bytes) { parse_npz(bytes, megabyte); });
}

TEST(Npy, ReadsLaterVersions) {
  const Array array = parse_npy(file("numpy_v2.npy"));
  EXPECT_EQ(array.shape, (Shape{2, 2}));
  EXPECT_EQ(floats(array), (std::vector<float>{1.5, -2, 3, 4}));
  for (const int version : {1, 2, 3})
    EXPECT_EQ(parse_npy(npy(u1_2x3, {1, 2, 3, 4, 5, 6}, version)).bytes, (Bytes{1, 2, 3, 4, 5, 6}));
}

TEST(Npy, ReadsHalfPrecision) {
  const Array half{Element::f16, {6}, {0, 0x3c, 0, 0xc0, 1, 0, 0xff, 0x7b, 0, 0x7c, 0, 0xfc}};
  EXPECT_EQ(floats(half), (std::vector<float>{1, -2, 0x1p-24f, 65504, INFINITY, -INFINITY}));
  EXPECT_EQ(floats(Array{Element::bf16, {2}, {0x80, 0x3f, 0x40, 0xc0}}), (std::vector<float>{1, -3}));
}

TEST(Npy, RefusesOtherTypes) {
  const auto with = [](const std::string& type) {
    return refused("{'descr': " + type + ", 'fortran_order': False, 'shape': (1,), }");
  };
  const std::string wanted = "byte 20: wanted a type among b1 u1 i1 u2 i2 u4 i4 i8 f2 f4 f8, found ";
  EXPECT_EQ(with("'|O'"), wanted + "'|O', Python objects");
  EXPECT_EQ(with("'<u8'"), wanted + "'<u8'");
  EXPECT_EQ(with("'<c8'"), wanted + "'<c8'");
  EXPECT_EQ(with("''"), wanted + "''");
  EXPECT_EQ(with("[('a', '<f4')]"), "byte 20: wanted a string, found '[('a', '<f'");
}

TEST(Npy, RefusesHeadersThatDoNotFit) {
  EXPECT_EQ(refused(u1_2x3, {1, 2, 3, 4, 5}),
            "byte 72: wanted 6 bytes of elements, found 5, as after an interrupted download");
  EXPECT_EQ(refused(u1_2x3, Bytes(7)), "byte 72: wanted 6 bytes of elements, found 7");
  EXPECT_EQ(refused("{'descr': '|u1', 'shape': (2, 3)}"),
            "byte 10: wanted the key 'fortran_order' in the header, found none");
  EXPECT_EQ(refused("{'descr': '|u1', 'descr': '|u1'}"), "byte 35: wanted every key once, found ' '|u1'}'");
  EXPECT_NE(refused("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}")
                .find("wanted extents whose product fits in memory"),
            std::string::npos);
  EXPECT_NE(refused("{'descr': '<f8', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}")
                .find("at most 8 axes"),
            std::string::npos);
  EXPECT_NE(refused("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}").find("wanted an extent"),
            std::string::npos);
  EXPECT_NE(refused("{}").find("the key 'descr'"), std::string::npos);
}

TEST(Npy, RefusesEveryTruncationAndSurvivesDamage) {
  const Bytes whole = npy("{'descr': '>i2', 'fortran_order': True, 'shape': (3, 2), }\n", samples::noise(12));
  EXPECT_GE(samples::survives_damage(whole, [](auto bytes) { parse_npy(bytes); }), whole.size());
}

}  // namespace
