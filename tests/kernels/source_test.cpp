// Single rules as kernels for a GPU, compiled for this machine, compared with their formulas: rules with
// sums, and features that no rule of this tree uses.
#include "basin/kernels/source.hpp"

#include <gtest/gtest.h>

#include "basin/kernels/chain_source.hpp"
#include "basin/kernels/compile.hpp"
#include "basin/rules/rules.hpp"
#include "tests/kernels/bed.hpp"
#include "tests/kernels/program.hpp"

namespace basin::kernels {
namespace {

// Every slot takes the previous value of another slot, or of the weights.
struct Shifts {
  static constexpr std::string_view name = "shifts", title = "Shifts";
  Rate lr = 0.1;
  BASIN_KNOBS(lr)
  static constexpr std::array slots{"last", "before", "weights"};
  template <class R>
  struct Formula {
    R half;
    auto operator()(const auto& x, const auto& g, auto& last, auto& before, auto& weights) const {
      const auto kept = last;
      last = g;
      before = kept;
      weights = x;
      return half * (g + before) + R(x > 0) - R(g < before);
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(0.5);
  }
};
static_assert(Rule<Shifts>);

// A formula that only a loop can compute.
struct Exponential {
  static constexpr std::string_view name = "exponential", title = "Exponential";
  static constexpr bool loops_alone = true;
  Rate lr = 0.1;
  BASIN_KNOBS(lr)
  static constexpr auto slots = no_slots;
  template <class R>
  struct Formula {
    R operator()(const R& x, const R& g) const { return x > 0 ? std::exp(g) : g; }
  };
  template <class R>
  Formula<R> at(Step) const {
    return {};
  }
};

const std::vector<double> some_sums{0.7, 1.3, 2.1, 0.4};

template <class R>
std::vector<double> scalars_of(const R& rule, Step t, std::span<double> numbers, Source& source) {
  write_rule(rule, t, numbers, {some_sums, 36, false}, source);
  if (!moves_weights<R>())
    source.write([&] { return Written(rule.lr); }, [&](const Written& rate) { source.x -= rate * source.u; });
  return source.scalars;
}

// Does what the loops do to one weight.
template <class T, class R, std::size_t... I>
void move(const R& rule, const auto& formula, std::array<T*, 2 + sizeof...(I)> at, std::size_t i,
          std::index_sequence<I...>) {
  if constexpr (moves_weights<R>())
    formula(at[0][i], std::as_const(at[1][i]), at[2 + I][i]...);
  else
    at[0][i] -=
        static_cast<T>(rule.lr) * formula(std::as_const(at[0][i]), std::as_const(at[1][i]), at[2 + I][i]...);
}

template <class T, class R>
void expect_bits_of_the_formula(const Program& program, std::size_t kernel, const R& rule) {
  constexpr std::size_t size = 37, slots = R::slots.size();
  std::array<std::vector<T>, 2 + slots> by_hand;
  for (std::size_t a = 0; a < by_hand.size(); ++a)
    for (std::size_t i = 0; i < size; ++i) by_hand[a].push_back(static_cast<T>((7 * i + 3 * a) % 11) / 8);
  auto by_kernel = by_hand;
  std::vector<double> numbers(number_count<R>(), 1.0), again = numbers;
  for (Step t = 1; t <= 5; ++t) {
    const auto formula = scalars_at<T>(rule, t, numbers, {some_sums, 36, false});
    std::array<T*, 2 + slots> at;
    for (std::size_t a = 0; a < at.size(); ++a) at[a] = by_hand[a].data();
    for (std::size_t i = 0; i < size; ++i) move<T>(rule, formula, at, i, std::make_index_sequence<slots>());
    std::vector<T*> pointers;
    for (auto& values : by_kernel) pointers.push_back(values.data());
    Source source(slots, Source::Wanted::scalars);
    program.run(kernel, size, pointers, scalars_of(rule, t, again, source));
  }
  for (std::size_t a = 0; a < by_hand.size(); ++a)
    EXPECT_TRUE(same_bits(by_hand[a], by_kernel[a])) << R::name << " of " << type_name<T> << ", array " << a;
}

template <class R>
std::size_t add_kernel(Program& program, const R& rule, const std::string& type) {
  std::vector<double> numbers(number_count<R>(), 1.0);
  Source source(R::slots.size(), Source::Wanted::everything);
  scalars_of(rule, 1, numbers, source);
  return program.add(R::slots.size(), source.kernel(type));
}

template <class R>
void expect_bits_of_the_formula() {
  Program program;
  const std::size_t in_float = add_kernel(program, R{}, "float"),
                    in_double = add_kernel(program, R{}, "double");
  program.compile();
  expect_bits_of_the_formula<float>(program, in_float, R{});
  expect_bits_of_the_formula<double>(program, in_double, R{});
}

TEST(RuleSource, HasTheBitsOfItsFormulaWithSums) {
  int found = 0;
  rules::Every::each([&]<class R> {
    if constexpr (SummingRule<R>) expect_bits_of_the_formula<R>(), ++found;
  });
  EXPECT_GT(found, 5);
}

TEST(RuleSource, OfLoopsAloneThereIsNone) {
  EXPECT_EQ(links_apart(Chain(AnyRule(Exponential{}))), std::nullopt);
}

TEST(RuleSource, ReadsEverythingBeforeItWrites) { expect_bits_of_the_formula<Shifts>(); }

}  // namespace
}  // namespace basin::kernels
