// One pair for all records: what each kind of field is in JSON, and what is refused.
#include "basin/records/json.hpp"

#include <gtest/gtest.h>

namespace basin {
namespace {

using Json = nlohmann::json;
using Texts = std::map<std::string, std::string>;

enum class Colour { red, green };
constexpr auto names_of(Colour) { return std::array{"red", "green"}; }

struct Depth {
  BASIN_RECORD(Depth, "depth")
  BASIN_FIELD(double, metres, required, "") = not_known;
};
struct Lake {
  BASIN_RECORD(Lake, "lake")
  BASIN_FIELD(int, number, required, "") = 0;
  BASIN_FIELD(Colour, colour, plain, "") = Colour::red;
  BASIN_FIELD(Depth, middle, flat, "") = {};
  BASIN_FIELD(std::optional<Depth>, shore, plain, "") = {};
  BASIN_FIELD(Texts, names, unless_empty, "") = {};
  BASIN_FIELD(Depth, bay, required, "") = {};
};

std::string error_of(const char* text) {
  try {
    Json::parse(text).get<Lake>();
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

TEST(RecordJson, HasAKeyForEachField) {
  const Lake lake{.number = 3, .colour = Colour::green, .middle = {2.5}, .names = {{"en", "mere"}}};
  const Json json = lake;
  EXPECT_EQ(
      json.dump(),
      R"({"bay":{"metres":null},"colour":"green","middle_metres":2.5,"names":{"en":"mere"},"number":3,"shore":null})");
  EXPECT_EQ(Json(json.get<Lake>()), json);
  EXPECT_FALSE(Json(Lake{}).contains("names")) << "it is empty";
  EXPECT_EQ(json_of<nlohmann::ordered_json>(lake).begin().key(), "number") << "in the order of the fields";
}

TEST(RecordJson, WhatIsMissingKeepsItsDefault) {
  const auto lake = Json::parse(R"({"number": 1, "bay": {"metres": 4}, "of tomorrow": 5})").get<Lake>();
  EXPECT_EQ(lake.colour, Colour::red);
  EXPECT_TRUE(std::isnan(lake.middle.metres)) << "it is not required where the flat record is not";
  EXPECT_FALSE(lake.shore);
  EXPECT_EQ(lake.bay.metres, 4);
}

TEST(RecordJson, WhatIsWrongIsRefusedWithItsKey) {
  EXPECT_EQ(error_of("3"), "lake: wanted an object, found number");
  EXPECT_EQ(error_of("{}"), "lake: 'number' is missing");
  EXPECT_EQ(error_of(R"({"number": 1})"), "lake: 'bay' is missing");
  EXPECT_EQ(error_of(R"({"number": 1, "bay": {}})"), "depth: 'metres' is missing");
  EXPECT_EQ(error_of(R"({"number": 1, "colour": "blue"})"),
            "lake: 'colour' must be red or green, it is \"blue\"");
  EXPECT_EQ(error_of(R"({"number": 1, "middle_metres": "deep"})"),
            "lake: 'middle_metres' must be a number or null, it is \"deep\"");
  EXPECT_EQ(error_of(R"({"number": 1, "names": {"en": 1}})"), "lake: 'en' must be a string, it is 1");
}

}  // namespace
}  // namespace basin
