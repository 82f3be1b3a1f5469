// Each rule of the format, violated once; and every truncation.
#include "basin/data/safetensors.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "basin/core/error.hpp"

namespace basin::data {
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
  EXPECT_EQ(parse_safetensors(std::vector<std::uint8_t>(text.begin(), text.end())).size(), 1u);
}

TEST(Safetensors, RefusesEveryTruncationAndEveryByteMore) {
  auto bytes = file(good, 32);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_THROW(parse_safetensors(std::span(bytes).first(size)), FormatError) << size;
  bytes.push_back(0);
  EXPECT_THROW(parse_safetensors(bytes), FormatError);
}

class Refused : public ::testing::TestWithParam<const char*> {};
TEST_P(Refused, Header) { EXPECT_THROW(parse_safetensors(file(GetParam(), 24)), FormatError); }
INSTANTIATE_TEST_SUITE_P(
    SafetensorsHeaders, Refused,
    ::testing::Values(
        "[]", "{", "\xff{}", R"({"a":1})",
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
        R"({"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]},"b":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}})",  // overlap
        R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"a":{"dtype":"F32","shape":[3],"data_offsets":[12,24]}})",  // twice
        R"({"a\u0001":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}})",  // control character
        R"({"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}})",
        R"({"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24],"x":[[[[1]]]]}})"));  // depth

TEST(Safetensors, RefusesAHeaderLongerThanAnyShouldBe) {
  std::vector<std::uint8_t> bytes(16, 0xff);
  EXPECT_THROW(parse_safetensors(bytes), FormatError);
}

TEST(Safetensors, DoesNotWriteATensorWhoseBytesDoNotFit) {
  const std::vector<std::uint8_t> body(7);
  const std::vector<TensorBytes> tensors{{"x", "F32", {2}, body}};
  EXPECT_THROW(safetensors(tensors), InputError);
}

}  // namespace
}  // namespace basin::data
