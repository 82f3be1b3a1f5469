// The names of dialects.
#include "basin/rules/catalogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace basin {
namespace {

TEST(Catalogue, NamesDialectsByTheRuleAndTheLibrary) {
  EXPECT_EQ(in_dialect("rmsprop", "keras"), "rmsprop_keras");
  EXPECT_EQ(in_dialect("rmsprop", "pytorch"), "rmsprop");
  EXPECT_EQ(in_dialect("adagrad", "optax"), "adagrad_keras") << "which computes the same";
  EXPECT_EQ(in_dialect("clip_norm:1+adamw:eps=1e-06+trust_ratio", "optax"),
            "clip_norm:1+adamw_optax:eps=1e-06+trust_ratio");
  EXPECT_EQ(in_dialect("lion", "pytorch"), "lion");
}

void expect_refused(const char* optimizer, const char* dialect, const std::string& message) {
  try {
    in_dialect(optimizer, dialect);
    FAIL() << optimizer << " " << dialect;
  } catch (const InputError& error) {
    EXPECT_EQ(error.what(), message);
  }
}

TEST(Catalogue, RefusesDialectsThatDoNotExist) {
  expect_refused("rmsprop", "kras", "rmsprop has no dialect 'kras'; did you mean 'keras'?");
  expect_refused("adam", "mlx", "adam has no dialect 'mlx'; it is one of pytorch, keras and optax");
  expect_refused("lion", "keras",
                 "lion has no dialects but pytorch's; basin list dialects says which rules have");
  expect_refused("adam_keras", "optax", "adam_keras is itself a dialect of adam; set adam.dialect");
  expect_refused("adma", "keras", "unknown optimizer 'adma'; did you mean 'adam'?");
}

TEST(Catalogue, HasNoTwoDialectsOfOneRuleAndLibrary) {
  std::vector<std::string> seen;
  for (const Dialect& dialect : dialects())
    for (const std::string& library : dialect.libraries) {
      const std::string both = dialect.rule->name + "." + library;
      EXPECT_EQ(std::ranges::find(seen, both), seen.end()) << both;
      seen.push_back(both);
    }
  EXPECT_GT(seen.size(), 30u);
}

}  // namespace
}  // namespace basin
