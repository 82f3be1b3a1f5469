#include "basin/core/knobs.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "basin/rules/adamw.hpp"

namespace basin {
namespace {

std::string message(auto&& call) {
  try {
    call();
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

TEST(Knobs, AreListedWithTheirDefaultsAndRanges) {
  const auto knobs = knobs_of<rules::AdamW>();
  ASSERT_EQ(knobs.size(), 5u);
  EXPECT_EQ(knobs[0].name, "lr");
  EXPECT_EQ(knobs[2].name, "beta2");
  EXPECT_EQ(knobs[2].initial, 0.999);
  EXPECT_EQ(knobs[2].range, &domain::beta);
}

TEST(Knobs, AreSetByName) {
  rules::AdamW rule;
  set_knob(rule, "beta2", 0.98);
  EXPECT_EQ(rule.beta2, 0.98);
  EXPECT_EQ(rule.beta1, 0.9);
}

TEST(Knobs, RefuseWhatLiesOutsideTheirRange) {
  rules::AdamW rule;
  EXPECT_EQ(message([&] { set_knob(rule, "beta1", 1); }),
            "adamw: beta1 = 1 is outside its range; it must be in [0, 1)");
  EXPECT_EQ(rule.beta1, 0.9);
  for (const double bad :
       {-1e-9, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
    EXPECT_THROW(set_knob(rule, "lr", bad), InputError) << bad;
  EXPECT_NO_THROW(set_knob(rule, "lr", 0));
  EXPECT_THROW(checked(rules::AdamW{.beta2 = -0.1}), InputError);
}

TEST(Knobs, NameTheNearestForAnUnknownOne) {
  rules::AdamW rule;
  EXPECT_EQ(message([&] { set_knob(rule, "beta3", 0.5); }),
            "adamw: unknown knob 'beta3'; did you mean 'beta1'?");
  EXPECT_EQ(message([&] { set_knob(rule, "momentum", 0.5); }),
            "adamw: unknown knob 'momentum'; it is one of lr, beta1, beta2, eps and weight_decay");
}

struct Forgetful {
  Rate lr = 1, forgotten = 2;
  BASIN_KNOBS(lr)
};

TEST(Knobs, AForgottenFieldIsNoticed) {
  EXPECT_FALSE(every_field_is_a_knob<Forgetful>);
  EXPECT_TRUE(every_field_is_a_knob<rules::AdamW>);
}

TEST(Knobs, TextReadsBackAsTheSameNumber) {
  EXPECT_EQ(text_of(0.001), "0.001");
  EXPECT_EQ(text_of(1e-8), "1e-08");
  EXPECT_EQ(std::stod(text_of(0.1 + 0.2)), 0.1 + 0.2);
}

}  // namespace
}  // namespace basin
