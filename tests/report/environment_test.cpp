// The environment: read from this machine, with every key that docs/formats.md promises.
#include "basin/report/environment.hpp"

#include <gtest/gtest.h>

namespace basin::report {
namespace {

TEST(Environment, ProcessorIsTheFirstThatIsNamed) {
  EXPECT_EQ(
      processor_name("processor\t: 0\nmodel name\t: Xeon(R) 8x  \nprocessor\t: 1\nmodel name\t: Other\n"),
      "Xeon(R) 8x");
  EXPECT_EQ(processor_name("BogoMIPS\t: 50\n"), "");
  EXPECT_EQ(processor_name(""), "");
}

TEST(Environment, SaysWhatAReaderNeeds) {
  const auto json = environment(2, 1, "1.13.0");
  EXPECT_EQ(json.at("jobs"), 2);
  EXPECT_EQ(json.at("threads"), 1);
  EXPECT_EQ(json.at("libtorch"), "1.13.0");
  EXPECT_GE(json.at("cores"), 1);
  EXPECT_GT(json.at("memory_bytes"), 1 << 20);
  for (const char* key : {"basin", "compiler", "system", "isa"})
    EXPECT_FALSE(json.at(key).get<std::string>().empty()) << key;
}

}  // namespace
}  // namespace basin::report
