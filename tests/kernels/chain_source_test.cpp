// Chains as kernels for a GPU, compiled for this machine, compared with the loops: bit for bit.
#include "basin/kernels/chain_source.hpp"

#include <gtest/gtest.h>

#include "basin/rules/links.hpp"
#include "tests/kernels/awkward.hpp"
#include "tests/kernels/bed.hpp"
#include "tests/kernels/program.hpp"

namespace basin::kernels {
namespace {

// Chains that are one kernel and need no sums.
std::vector<std::string> chains() {
  std::vector<std::string> out;
  const auto take = [&](const std::string& text) {
    const Chain chain = Chain::parse(text);
    if (links_apart(chain) == 0 && !chain.rule.table().scope) out.push_back(text);
  };
  for (const RuleInfo& info : catalogue()) take(info.name);
  links::All::each([&]<class L>() {
    const std::string name(L::name);
    take(L::place == Place::gradient ? name + "+adam" : "adam+" + name);
  });
  take("maximize+clip_value:0.1+adamw+l1_decay:0.1");
  return out;
}

Source written(const Chain& chain, Step t, std::span<double> numbers, std::size_t first = 0) {
  const std::vector<double> sums(chain.rule.table().terms, 1.0);
  Source source(chain.rule.slot_count(), Source::Wanted::everything);
  write_chain(chain, first, t, numbers, {sums, 1, false}, source);
  return source;
}
std::string kernel_of(const Chain& chain, const std::string& type, Step t = 1, std::size_t first = 0) {
  std::vector<double> numbers(chain.rule.table().numbers, 1.0);
  return written(chain, t, numbers, first).kernel(type);
}

// Gradients of size 1, and gradients so small that moments and their roots become subnormal in float.
template <class T>
void expect_bits_of_the_loops(const Program& program, std::size_t kernel, const std::string& text) {
  const Chain chain = Chain::parse(text);
  for (const auto& [misaligned, size] : {std::pair{0u, T{1}}, {1u, T{1}}, {0u, static_cast<T>(1e-22)}}) {
    Bed<T> loops(chain, {35, 1'001, 0}, misaligned), one_kernel(chain, {35, 1'001, 0}, misaligned);
    for (Step t = 1; t <= 12; ++t) {
      loops.draw_gradients(t), one_kernel.draw_gradients(t);
      for (std::size_t p = 0; p < loops.count(); ++p)
        for (std::size_t i = 0; i < loops.size(p); ++i)
          one_kernel.gradients(p)[i] = loops.gradients(p)[i] *= size;
      loops.step(t);
      for (std::size_t p = 0; p < one_kernel.count(); ++p) {
        std::vector<T*> pointers{one_kernel.weights(p), one_kernel.gradients(p)};
        for (std::size_t i = 0; i < chain.rule.slot_count(); ++i) pointers.push_back(one_kernel.slot(p, i));
        program.run(kernel, one_kernel.size(p), pointers, written(chain, t, one_kernel.numbers(p)).scalars);
      }
    }
    EXPECT_TRUE(same_bits(loops.everything(), one_kernel.everything()))
        << text << " of " << type_name<T> << ", gradients of " << size;
  }
}

TEST(ChainSource, HasTheBitsOfTheLoops) {
  const std::vector<std::string> texts = chains();
  EXPECT_GT(texts.size(), 60u);
  Program program;
  std::vector<std::pair<std::size_t, std::size_t>> kernels;
  for (const std::string& text : texts) {
    const Chain chain = Chain::parse(text);
    const std::size_t slots = chain.rule.slot_count();
    kernels.emplace_back(program.add(slots, kernel_of(chain, "float")),
                         program.add(slots, kernel_of(chain, "double")));
  }
  program.compile();
  for (std::size_t c = 0; c < texts.size(); ++c) {
    expect_bits_of_the_loops<float>(program, kernels[c].first, texts[c]);
    expect_bits_of_the_loops<double>(program, kernels[c].second, texts[c]);
  }
}

// One kernel serves all steps and settings of a chain.
TEST(ChainSource, FollowsFromTheTypesAlone) {
  for (const RuleInfo& info : catalogue()) {
    Chain chain = Chain::parse("l2:0.5+" + info.name);
    const auto first = links_apart(chain);
    if (!first) continue;
    const std::string source = kernel_of(chain, "float", 1, *first);
    for (const Step t : {2, 7, 1000})
      EXPECT_EQ(kernel_of(chain, "float", t, *first), source) << info.name << t;
    chain.rule = test::awkward(chain.rule);
    chain.before[0].set("weight", 0.1);
    EXPECT_EQ(kernel_of(chain, "float", 1, *first), source) << info.name;
  }
}

TEST(ChainSource, SaysWhatIsApart) {
  EXPECT_EQ(links_apart(Chain::parse("adam")), 0);
  EXPECT_EQ(links_apart(Chain::parse("clip_value:1+adam+decay")), 0);
  EXPECT_EQ(links_apart(Chain::parse("clip_value:1+clip_norm:1+l2+adam")), 2);
  EXPECT_EQ(links_apart(Chain::parse("clip_value:1+prodigy")), 1)
      << "whose sums are of the gradient behind it";
  EXPECT_EQ(links_apart(Chain::parse("noise+adam")), 1);
  EXPECT_EQ(links_apart(Chain::parse("adam+cautious")), std::nullopt);
  EXPECT_EQ(links_apart(Chain::parse("adafactor")), std::nullopt);
}

TEST(ChainSource, BeginsBehindWhatIsApart) {
  EXPECT_EQ(kernel_of(Chain::parse("clip_norm:1+l2+adam"), "float", 1, 1),
            kernel_of(Chain::parse("l2+adam"), "float"));
}

TEST(ChainSource, WritesToWhatChangesAlone) {
  const std::string source = kernel_of(Chain::parse("prodigy"), "float");
  EXPECT_NE(source.find("(Count n, T* x, const T* g, T* s0, T* s1, T* s2, const T* s3, const Scalars s)"),
            std::string::npos)
      << source;
}

// For a kernel that is already compiled, no text is generated again.
TEST(ChainSource, GivesTheScalarsAlone) {
  const Chain chain = Chain::parse("clip_value:0.5+adamw");
  Source all(2, Source::Wanted::everything), scalars(2, Source::Wanted::scalars);
  write_chain(chain, 0, 3, {}, {}, all);
  write_chain(chain, 0, 3, {}, {}, scalars);
  EXPECT_EQ(all.scalars, scalars.scalars);
  EXPECT_EQ(scalars.x.text(), "x");
}

}  // namespace
}  // namespace basin::kernels
