// The kernels that a GPU is given, compiled for this machine instead, against the loops: bit for bit.
#include "basin/kernels/source.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "basin/kernels/chain_source.hpp"
#include "basin/kernels/compile.hpp"
#include "basin/kernels/subnormal.hpp"
#include "basin/rules/links.hpp"
#include "basin/rules/rules.hpp"
#include "tests/kernels/awkward.hpp"
#include "tests/kernels/bed.hpp"

namespace basin::kernels {
namespace {

// What CUDA's C++ has and a host's lacks: one thread, which takes everything.
constexpr const char* host = R"(
#include <math.h>
#define __device__ static
#define __global__
namespace { struct { unsigned x; } blockIdx{0}, threadIdx{0}, blockDim{1}, gridDim{1}; }
)";

// A program of kernels: each is added as source, and there when all are compiled.
class Program {
 public:
  using Run = void (*)(unsigned long long count, void** pointers, const void* scalars);

  Program() : folder_(testing::TempDir() + "basin_source_XXXXXX") {
    if (!::mkdtemp(folder_.data())) throw Error("no folder for " + folder_);
    text_ << host;
  }
  ~Program() {
    if (library_) ::dlclose(library_);
    std::filesystem::remove_all(folder_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Returns its number.
  std::size_t add(std::size_t slots, const std::string& source) {
    text_ << "#define step step_" << count_ << "\nnamespace k" << count_ << " {\n" << source;
    text_ << "extern \"C\" void run_" << count_ << "(Count n, void** p, const void* s) {\n  step(n";
    for (std::size_t i = 0; i < 2 + slots; ++i) text_ << ", (T*)p[" << i << "]";
    text_ << ", *(const Scalars*)s);\n}\n}\n#undef step\n#undef SCALARS\n";
    return count_++;
  }
  void compile() {
    std::ofstream(folder_ + "/kernels.cpp") << text_.str();
    const std::string command = std::string(BASIN_CXX) +
                                " -std=c++17 -O1 -ffp-contract=off -w -shared -fPIC " + folder_ +
                                "/kernels.cpp -o " + folder_ + "/kernels.so";
    if (std::system(command.c_str()) != 0) throw Error("the kernels do not compile");
    library_ = ::dlopen((folder_ + "/kernels.so").c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library_) throw Error(::dlerror());
  }
  // Over as many weights; as the loops do it, without subnormal numbers.
  template <class T>
  void run(std::size_t kernel, std::size_t count, std::vector<T*> pointers,
           const std::vector<double>& values) const {
    std::vector<T> scalars(values.begin(), values.end());
    const auto step = reinterpret_cast<Run>(::dlsym(library_, ("run_" + std::to_string(kernel)).c_str()));
    std::vector<void*> untyped(pointers.begin(), pointers.end());
    const FlushSubnormals flush;
    step(count, untyped.data(), scalars.data());
  }

 private:
  std::string folder_;
  std::ostringstream text_;
  std::size_t count_ = 0;
  void* library_ = nullptr;
};

template <class T>
constexpr const char* type_name = std::is_same_v<T, float> ? "float" : "double";

// --- chains

// Those that are one kernel and need no sums.
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

// Gradients of size 1; and so small that moments and their roots come to be subnormal in float.
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

// A kernel is kept for all steps and settings of a chain.
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

// Of a kernel that is known, no text is made again.
TEST(ChainSource, GivesTheScalarsAlone) {
  const Chain chain = Chain::parse("clip_value:0.5+adamw");
  Source all(2, Source::Wanted::everything), scalars(2, Source::Wanted::scalars);
  write_chain(chain, 0, 3, {}, {}, all);
  write_chain(chain, 0, 3, {}, {}, scalars);
  EXPECT_EQ(all.scalars, scalars.scalars);
  EXPECT_EQ(scalars.x.text(), "x");
}

// --- rules by themselves: those whose sums come from elsewhere, and what none of this tree does

// Every slot takes what another one, or the weights, was.
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

// What only a loop can compute.
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

// What the loops do to one weight.
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
