// web/src/records.ts is what the records say. `make page-types` writes it.
#include "basin/report/page_types.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "basin/core/fields.hpp"
#include "basin/records/typescript.hpp"
#include "tests/paths.hpp"

namespace basin::report {
namespace {

enum class Colour { red, green };
constexpr auto names_of(Colour) { return std::array{"red", "green"}; }

using Texts = std::map<std::string, std::string>;

struct Inner {
  BASIN_RECORD(Inner, "inner")
  BASIN_FIELD(double, depth, plain, "m") = 0;
};
struct Outer {
  BASIN_RECORD(Outer, "outer")
  BASIN_FIELD(int, count, plain, "") = 0;
  BASIN_FIELD(Colour, colour, plain, "") = Colour::red;
  BASIN_FIELD(std::optional<Inner>, sea, plain, "") = {};
  BASIN_FIELD(Inner, lake, flat, "at its middle") = {};
  BASIN_FIELD(Texts, names, unless_empty, "") = {};
};

TEST(PageTypes, AreThoseOfTheJson) {
  EXPECT_EQ(typescript_interface<Outer>(),
            "export interface Outer {\n"
            "  count: number;\n"
            "  colour: \"red\" | \"green\";\n"
            "  sea: Inner | null;\n"
            "  lake_depth: number | null; // at its middle\n"
            "  names?: Record<string, string>;\n"
            "}\n");
  EXPECT_EQ(typescript_keys<Outer>("outer"),
            "export const outer = [\"count\", \"colour\", \"sea\", \"lake_depth\", \"names\"] as const;\n");
}

TEST(PageTypes, StandInTheTreeAsTheRecordsAre) {
  const std::string path = std::string(paths::source) + "/web/src/records.ts";
  if (std::getenv("BASIN_WRITE_PAGE_TYPES")) std::ofstream(path) << page_types();
  std::stringstream there;
  there << std::ifstream(path).rdbuf();
  EXPECT_EQ(there.str(), page_types()) << path << " is out of date; write it with: make page-types";
}

}  // namespace
}  // namespace basin::report
