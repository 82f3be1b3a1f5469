// Positions, units and conditions, and what is refused.
#include "basin/search/unit.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/refusal.hpp"
#include "tests/search/spaces.hpp"

namespace basin::search {
namespace {

TEST(SearchUnit, MapsTheEndsAndTheMiddleOfEveryScale) {
  const Parameter lr = real("lr", 1e-4, 1, Scale::log), beta = real("b", 0.9, 0.999, Scale::complement_log);
  EXPECT_DOUBLE_EQ(from_unit(lr, 0), 1e-4);
  EXPECT_DOUBLE_EQ(from_unit(lr, 1), 1);
  EXPECT_NEAR(from_unit(lr, 0.5), 1e-2, 1e-14);
  EXPECT_DOUBLE_EQ(from_unit(beta, 0), 0.9);
  EXPECT_NEAR(from_unit(beta, 0.5), 0.99, 1e-14);
  EXPECT_DOUBLE_EQ(from_unit(beta, 1), 0.999);
  EXPECT_DOUBLE_EQ(from_unit(real("x", -5, 10), 0.2), -2);
}

TEST(SearchUnit, GivesEveryIntegerAndChoiceItsInterval) {
  const Parameter layers = integer("layers", 1, 4), init = category("init", {"a", "b", "c"});
  EXPECT_EQ(from_unit(layers, 0.2499), 1);
  EXPECT_EQ(from_unit(layers, 0.2501), 2);
  EXPECT_EQ(from_unit(layers, 0.9999), 4);
  EXPECT_EQ(from_unit(init, 0.3332), 0);
  EXPECT_EQ(from_unit(init, 0.3334), 1);
  EXPECT_EQ(from_unit(init, 0.6667), 2);
  EXPECT_DOUBLE_EQ(to_unit(layers, 2), 0.375);
  EXPECT_DOUBLE_EQ(to_unit(init, 1), 0.5);
  const Parameter batch = integer("batch", 1, 3, Scale::log);  // a half to three and a half
  EXPECT_EQ(from_unit(batch, std::log(3) / std::log(7) - 1e-6), 1);
  EXPECT_EQ(from_unit(batch, std::log(3) / std::log(7) + 1e-6), 2);
}

TEST(SearchUnit, GoesThereAndBack) {
  const Space space = mixed();
  for (const Parameter& p : space.parameters)
    for (double u = 0.01; u < 1; u += 0.01) {
      const double value = from_unit(p, u);
      EXPECT_GE(value, lowest(p));
      EXPECT_LE(value, highest(p));
      EXPECT_NEAR(from_unit(p, to_unit(p, value)), value, 1e-12 * std::abs(value)) << p.name;
    }
}

TEST(SearchUnit, LeavesOutWhatIsNotThere) {
  const Space space = mixed();
  const Point sgd = settled(space, {0.1, 2, 0, 0.9, 1, 1e-3, 0.1, 64});
  EXPECT_TRUE(std::isnan(sgd[3]) && std::isnan(sgd[4]) && std::isnan(sgd[5])) << "its parent is not there";
  EXPECT_FALSE(std::isnan(sgd[6]) || std::isnan(sgd[7]));
  const Point adam = settled(space, {0.1, 2, 1, 0.9, 0, 1e-3, 0.1, 64});
  EXPECT_EQ(adam[3], 0.9);
  EXPECT_EQ(adam[4], 0);
  EXPECT_TRUE(std::isnan(adam[5]));
  EXPECT_TRUE(same(sgd, sgd));
  EXPECT_FALSE(same(sgd, adam));
}

TEST(SearchUnit, RefusesASpaceThatCannotBeSearched) {
  const auto refused = [](std::vector<Parameter> parameters) {
    return refusal([&] { check(Space{std::move(parameters)}); });
  };
  EXPECT_EQ(refusal([] { check(mixed()); }), "none");
  EXPECT_EQ(refused({}), "a search needs at least one parameter");
  EXPECT_EQ(refused({real("", 0, 1)}), "parameter 1 has no name");
  EXPECT_EQ(refused({real("lr", 1, 0.1)}),
            "parameter lr: the range 1 to 0.1 is empty; write the smaller value first");
  EXPECT_EQ(refused({real("lr", 1, 1)}),
            "parameter lr: the range 1 to 1 is empty; write the smaller value first");
  EXPECT_EQ(refused({real("lr", 0, unbounded)}),
            "parameter lr: the range 0 to inf must end at finite numbers");
  EXPECT_EQ(refused({real("lr", 0, 1, Scale::log)}),
            "parameter lr: a log scale needs values above 0; the range is 0 to 1");
  EXPECT_EQ(refused({real("beta", 0.5, 1, Scale::complement_log)}),
            "parameter beta: a complement_log scale needs values below 1; the range is 0.5 to 1");
  EXPECT_EQ(refused({integer("layers", 1, 2.5)}),
            "parameter layers: the range of an integer must end at whole numbers; it is 1 to 2.5");
  EXPECT_EQ(refused({integer("layers", -3, 0, Scale::complement_log)}),
            "parameter layers: the scale of an integer is linear or log, not complement_log");
  EXPECT_EQ(refused({integer("layers", 1, 1e17)}),
            "parameter layers: integers lie within 2^53 of 0; the range is 1 to 1e+17");
  EXPECT_EQ(refused({real("lr", 0, 1), real("lr", 0, 1)}), "parameter lr is given twice");
  EXPECT_EQ(refused({category("init", {})}), "parameter init: a category needs choices");
  EXPECT_EQ(refused({category("init", {"a", "a"})}), "parameter init: the choice 'a' is given twice");
  EXPECT_EQ(refused({category("optimizer", {"sgd", "adam"}), under(real("b", 0, 1), "optimzer", "adam")}),
            "parameter b: its parent 'optimzer' is not a category that stands before it; did you mean "
            "'optimizer'?");
  EXPECT_EQ(refused({under(real("b", 0, 1), "c", "x"), category("c", {"x"})}),
            "parameter b: its parent 'c' is not a category that stands before it; there is none");
  EXPECT_EQ(refused({category("optimizer", {"sgd", "adam"}), under(real("b", 0, 1), "optimizer", "adm")}),
            "parameter b: optimizer has no choice 'adm'; did you mean 'adam'?");
}

}  // namespace
}  // namespace basin::search
