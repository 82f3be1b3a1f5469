// Each rule of the format, violated once; and every truncation.
#include "basin/storage/safetensors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "basin/core/error.hpp"
#include "basin/storage/file.hpp"
#include "tests/paths.hpp"

namespace basin::storage {
namespace {

std::vector<std::uint8_t> file(const std::string& header, std::size_t body) {
  std::vector<std::uint8_t> out(8 + header.size() + body);
  const std::uint64_t length = header.size();
  std::memcpy(out.data(), &length, 8);
  std::memcpy(out.data() + 8, header.data(), header.size());
  return out;
}

const std::string good =
    R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"I64","shape":[],"data_offsets":[24,32]}})";

TEST(Safetensors, ReadsNamesTypesShapesAndBytes) {
  const auto bytes = file(good, 32);
  const auto tensors = parse_safetensors(bytes);
  ASSERT_EQ(tensors.size(), 2u);
  EXPECT_EQ(tensors[0].name, "a");
  EXPECT_EQ(tensors[0].shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(tensors[0].bytes.data(), bytes.data() + 8 + good.size());
  EXPECT_EQ(tensors[1].type, "I64");
  EXPECT_EQ(tensors[1].bytes.size(), 8u);
}

TEST(Safetensors, WritesWhatItReads) {
  const std::vector<std::uint8_t> body{1, 2, 3, 4, 5, 6, 7, 8};
  const std::vector<TensorBytes> tensors{{"x", "F32", {2}, body}, {"empty", "F32", {0, 5}, {}}};
  const std::string text = safetensors(tensors);
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  const auto back = parse_safetensors(bytes);
  ASSERT_EQ(back.size(), 2u);
  for (const TensorBytes& tensor : back) {
    const TensorBytes& original = tensors[tensor.name == "x" ? 0 : 1];
    EXPECT_EQ(tensor.shape, original.shape);
    EXPECT_TRUE(std::ranges::equal(tensor.bytes, original.bytes));
  }
}

TEST(Safetensors, MetadataStandsInTheHeaderAndIsNoTensor) {
  const std::vector<std::uint8_t> body{1, 2, 3, 4};
  const std::vector<TensorBytes> tensors{{"x", "F32", {1}, body}};
  const std::string text = safetensors(tensors, {{"layers", "linear 1"}});
  EXPECT_TRUE(text.substr(8).starts_with(R"({"__metadata__":{"layers":"linear 1"},"x":{)")) << text.substr(8);
  EXPECT_EQ(text.size() % 4, 0u) << "the tensors are aligned";
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  EXPECT_EQ(parse_safetensors(bytes).size(), 1u);
  EXPECT_EQ(safetensors_metadata(bytes), (std::map<std::string, std::string>{{"layers", "linear 1"}}));
  EXPECT_TRUE(safetensors_metadata(file(good, 32)).empty());
  EXPECT_THROW(safetensors_metadata(file(R"({"__metadata__":{"layers":1}})", 0)), FormatError);
  const auto null = file(R"({"__metadata__":null})", 0);  // counts as absent, as in the format's own reader
  EXPECT_TRUE(safetensors_metadata(null).empty());
  EXPECT_TRUE(parse_safetensors(null).empty());
}

TEST(Safetensors, RefusesEveryTruncationAndEveryByteMore) {
  auto bytes = file(good, 32);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_THROW(parse_safetensors(std::span(bytes).first(size)), FormatError) << size;
  bytes.push_back(0);
  EXPECT_THROW(parse_safetensors(bytes), FormatError);
}

// Each rule of safetensors/src/tensor.rs, and the additional ones in the parser's header.
class Refused : public ::testing::TestWithParam<const char*> {};
TEST_P(Refused, Header) { EXPECT_THROW(parse_safetensors(file(GetParam(), 24)), FormatError); }
INSTANTIATE_TEST_SUITE_P(
    SafetensorsHeaders, Refused,
    ::testing::Values(
        "", "[]", "{", "\xff{}", "null", R"({"a":1})",                                    // no object
        "\xef\xbb\xbf{}",                                                                 // byte order mark
        "{\"a\xff\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24]}}",          // not UTF-8
        R"({"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}} x)",                   // more than JSON
        R"({"a":{"dtype":"F32","shape":[6,],"data_offsets":[0,24]}})",                    // not quite JSON
        R"({"a":{"shape":[6],"data_offsets":[0,24]}})",                                   // no type
        R"({"a":{"dtype":"F32","data_offsets":[0,24]}})",                                 // no shape
        R"({"a":{"dtype":"F32","shape":[6e0],"data_offsets":[0,24]}})",                   // exponent
        R"({"a":{"dtype":"F32","shape":[6],"data_offsets":[-0,24]}})",                    // sign
        R"({"a":{"dtype":"F32","shape":[6],"data_offsets":[0,18446744073709551616]}})",   // more than 64 bits
        R"({"a":{"dtype":"F32","shape":[6],"data_offsets":[0]}})",                        // one offset
        R"({"a":{"dtype":"F4","shape":[48],"data_offsets":[0,24]}})",                     // less than a byte
        R"({"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,24]}})",  // no int64
        // gap
        R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"b":{"dtype":"F32","shape":[2],"data_offsets":[16,24]}})",
        // no strings to strings
        R"({"__metadata__":[],"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}})",
        // a key twice, further down
        R"({"a":{"dtype":"F32","dtype":"F32","shape":[6],"data_offsets":[0,24]}})",
        R"({"a\u007f":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}})",  // control character
        R"({"a\u0000":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}})",
        R"({"a":{"dtype":"F32","shape":[2,3]}})",                                            // no offsets
        R"({"a":{"dtype":"F33","shape":[2,3],"data_offsets":[0,24]}})",                      // type
        R"({"a":{"dtype":"F32","shape":[2,-3],"data_offsets":[0,24]}})",                     // sign
        R"({"a":{"dtype":"F32","shape":[2,3.0],"data_offsets":[0,24]}})",                    // fraction
        R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24,24]}})",                   // three offsets
        R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[24,0]}})",                      // backwards
        R"({"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,24]}})",                      // size
        R"({"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,24]}})",  // overflow
        R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,6],"data_offsets":[0,24]}})",        // dimensions
        R"({"a":{"dtype":"F32","shape":[5],"data_offsets":[4,24]}})",                        // gap before
        // overlap
        R"({"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]},"b":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}})",
        // twice
        R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"a":{"dtype":"F32","shape":[3],"data_offsets":[12,24]}})",
        R"({"a\u0001":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}})",  // control character
        R"({"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}})",
        R"({"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24],"x":[[[[1]]]]}})"));  // depth

TEST(Safetensors, RefusesALengthThatTheFileDoesNotHave) {
  for (const std::uint64_t length :
       {std::uint64_t{17}, std::uint64_t{100'000'001}, ~std::uint64_t{0}, ~std::uint64_t{0} - 7}) {
    std::vector<std::uint8_t> bytes(24, ' ');
    std::memcpy(bytes.data(), &length, 8);
    try {
      parse_safetensors(bytes);
      FAIL() << length << " was taken";
    } catch (const FormatError& error) {  // before it reads a byte of the header
      EXPECT_NE(std::string(error.what()).find("wanted a header of "), std::string::npos) << error.what();
    }
  }
}

// A parser that takes NUL as the end of the text would accept anything after it.
TEST(Safetensors, RefusesWhatStandsBehindANul) {
  EXPECT_THROW(parse_safetensors(file(good + std::string(1, '\0') + "#!/bin/sh", 32)), FormatError);
  EXPECT_THROW(parse_safetensors(file(good + std::string(8, '\0'), 32)), FormatError);
}

TEST(Safetensors, RefusesLongNamesAndDeepHeadersBeforeTheyCost) {
  const auto named = [](std::size_t length) {
    return file(
        R"({")" + std::string(length, 'n') + R"(":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}})", 24);
  };
  EXPECT_EQ(parse_safetensors(named(512)).size(), 1u);
  EXPECT_THROW(parse_safetensors(named(513)), FormatError);
  EXPECT_THROW(parse_safetensors(file(R"({"a":)" + std::string(1'000'000, '['), 0)), FormatError);
}

// Some writers also pad the front of the header for alignment. An empty file, scalars and empty tensors are
// valid files.
TEST(Safetensors, AcceptsBlanksAroundTheHeaderAndNothingInIt) {
  EXPECT_EQ(parse_safetensors(file("\n\t " + good + " \r\n", 32)).size(), 2u);
  EXPECT_TRUE(parse_safetensors(file("{}", 0)).empty());
  const auto tensors = parse_safetensors(file(
      R"({"z":{"dtype":"F64","shape":[0,9223372036854775807],"data_offsets":[0,0],"note":{"any":1}}})", 0));
  EXPECT_EQ(tensors.at(0).shape[0], 0);
}

// tests/data/files/python.safetensors: the bytes that save_file of safetensors.torch writes for these six
// tensors, according to its rules.
TEST(Safetensors, ReadsAndWritesTheBytesOfPython) {
  const std::vector<std::uint8_t> bytes =
      read_file(std::string(paths::source) + "/tests/data/files/python.safetensors");
  std::vector<TensorBytes> tensors = parse_safetensors(bytes);
  ASSERT_EQ(tensors.size(), 6u);
  const auto named = [&](const std::string& name) {
    return *std::ranges::find(tensors, name, &TensorBytes::name);
  };
  const auto first = [](const TensorBytes& t, auto like) {
    std::memcpy(&like, t.bytes.data(), sizeof like);
    return like;
  };
  EXPECT_EQ(first(named("steps"), std::int64_t{}), 7);
  EXPECT_EQ(first(named("bias"), 0.0f), 0.5f);
  EXPECT_EQ(named("conv.weight").shape, (std::vector<std::int64_t>{1, 2, 1, 2}));
  EXPECT_EQ(first(named("half"), std::uint16_t{}), 0x3f80);
  EXPECT_TRUE(named("empty").bytes.empty());
  EXPECT_EQ(named("mask").type, "BOOL");
  std::ranges::reverse(tensors);
  EXPECT_EQ(safetensors(tensors, {{"format", "pt"}}), std::string(bytes.begin(), bytes.end()));
}

TEST(Safetensors, DoesNotWriteWhatItWouldNotRead) {
  const std::vector<std::uint8_t> body(8);
  const auto write = [&](std::vector<TensorBytes> tensors) { return safetensors(tensors); };
  EXPECT_NO_THROW(write({{"x", "F32", {2}, body}}));
  EXPECT_THROW(write({{"x", "F32", {3}, body}}), InputError) << "bytes that do not fit";
  EXPECT_THROW(write({{"x", "F33", {2}, body}}), InputError) << "an unknown type";
  EXPECT_THROW(write({{"x\n", "F32", {2}, body}}), InputError) << "a control character";
  EXPECT_THROW(write({{"x", "F32", {2}, body}, {"x", "I64", {1}, body}}), InputError) << "a name twice";
}

}  // namespace
}  // namespace basin::storage
