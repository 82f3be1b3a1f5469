#include "basin/core/names.hpp"

#include <gtest/gtest.h>

namespace basin {
namespace {

const std::vector<std::string> optimizers{"sgd",     "momentum", "nesterov", "adagrad",
                                          "rmsprop", "adam",     "adamw"};

TEST(Names, FindsTheNearest) {
  EXPECT_EQ(nearest("adma", optimizers), "adam");  // two letters swapped
  EXPECT_EQ(nearest("Adam", optimizers), "adam");  // case
  EXPECT_EQ(nearest("rmsprob", optimizers), "rmsprop");
  EXPECT_EQ(nearest("nest", optimizers), "nesterov");  // a prefix
  EXPECT_EQ(nearest("lbfgs", optimizers), std::nullopt);
  EXPECT_EQ(nearest("", optimizers), std::nullopt);
}

TEST(Names, SaysWhatWouldBeRight) {
  EXPECT_EQ(unknown("optimizer", "adma", optimizers), "unknown optimizer 'adma'; did you mean 'adam'?");
  EXPECT_EQ(
      unknown("optimizer", "lbfgs", optimizers),
      "unknown optimizer 'lbfgs'; it is one of sgd, momentum, nesterov, adagrad, rmsprop, adam and adamw");
}

TEST(Names, SplitsAtCommas) {
  EXPECT_EQ(split_list("a, b ,c"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(split_list(""), (std::vector<std::string>{""}));
  EXPECT_EQ(split_list("a,,b"), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(pieces("a: b:", ':'), (std::vector<std::string_view>{"a", " b", ""})) << "as they are";
}

}  // namespace
}  // namespace basin
