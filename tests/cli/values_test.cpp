// Values as typed: what is accepted, and that an error names the option, the value and the remedy.
#include "cli/values.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "basin/core/error.hpp"

namespace basin::cli {
namespace {

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(CliValues, ListsAreSplitAndTrimmed) {
  EXPECT_EQ(items("--init", "default, he_normal"), (std::vector<std::string>{"default", "he_normal"}));
  EXPECT_EQ(refusal([] { items("--lr", " "); }),
            "--lr: the list is empty; give one value, or several with commas between");
  EXPECT_EQ(refusal([] { items("--lr", "0.1,,0.2"); }), "--lr: item 2 of '0.1,,0.2' is empty");
  EXPECT_EQ(refusal([] { items("--lr", "0.1,"); }), "--lr: item 2 of '0.1,' is empty");
}

TEST(CliValues, NumbersAreWholeTexts) {
  EXPECT_EQ(number("--lr", "1e-3"), 1e-3);
  for (const char* text : {"", "0.1x", "x", "0,1", " 1", "+1", "0x10", "1e"})
    EXPECT_NE(refusal([&] { number("--lr", text); }), "accepted") << text;
  EXPECT_EQ(refusal([] { number("--lr", "1e999"); }),
            "--lr: '1e999' does not fit a double; write a number like 0.001");
}

TEST(CliValues, NumbersAreShownAsTheyAreTyped) {
  EXPECT_EQ(as_typed(1e-7), "1e-7");
  EXPECT_EQ(as_typed(1.5e-12), "1.5e-12");
  EXPECT_EQ(as_typed(1800), "1800");
  EXPECT_EQ(as_typed(0.1), "0.1");
}

TEST(CliValues, RangesRefuseWhatIsNotInThem) {
  EXPECT_EQ(number_in(domain::rate, "--lr", "0.1"), 0.1);
  for (const char* text : {"-0.1", "nan", "inf", "-inf"})
    EXPECT_EQ(refusal([&] { number_in(domain::rate, "--lr", text); }),
              "--lr: '" + std::string(text) + "' is outside its range; it must be 0 or more, and finite");
}

TEST(CliValues, WholeNumbersStayInTheirBounds) {
  EXPECT_EQ(whole("--epochs", "5", 1, 10), 5);
  for (const char* text : {"0", "11", "-1", "1.5", "1e1", "99999999999999999999", "", "5 "})
    EXPECT_EQ(refusal([&] { whole("--epochs", text, 1, 10); }),
              "--epochs: '" + std::string(text) + "' is not a whole number from 1 to 10");
}

TEST(CliValues, PathsAndNeededArguments) {
  EXPECT_FALSE(path_of("--out", std::nullopt));
  EXPECT_EQ(refusal([] { path_of("--out", ""); }), "--out: the path is empty");
  EXPECT_EQ(refusal([] { wanted("DIR", std::nullopt); }), "DIR is missing; --help shows an example");
}

}  // namespace
}  // namespace basin::cli
