// The kernels that a GPU is given, compiled for this machine instead, against the loops: bit for bit.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "basin/kernels/chain_source.hpp"
#include "basin/rules/links.hpp"
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

// Those that are one kernel and need no sums, which come from elsewhere.
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

template <class T>
constexpr const char* type_name = std::is_same_v<T, float> ? "float" : "double";

Source written(const Chain& chain, Step t, std::span<double> numbers) {
  Source source(chain.rule.slot_count(), Source::Wanted::everything);
  write_chain(chain, 0, t, numbers, {}, source);
  return source;
}
template <class T>
std::string kernel_of(const Chain& chain, Step t) {
  std::vector<double> numbers(chain.rule.table().numbers, 1.0);
  return written(chain, t, numbers).kernel(type_name<T>);
}

// All kernels as one library: that of chain c over floats is number 2c, over doubles 2c + 1.
class Library {
 public:
  explicit Library(const std::vector<std::string>& texts)
      : folder_(testing::TempDir() + "basin_source_XXXXXX") {
    if (!::mkdtemp(folder_.data())) throw Error("no folder for " + folder_);
    std::ofstream file(folder_ + "/kernels.cpp");
    file << host;
    for (std::size_t c = 0; c < texts.size(); ++c) {
      const Chain chain = Chain::parse(texts[c]);
      const std::size_t pointers = 2 + chain.rule.slot_count();
      add(file, 2 * c, pointers, kernel_of<float>(chain, 1));
      add(file, 2 * c + 1, pointers, kernel_of<double>(chain, 1));
    }
    file.close();
    const std::string compile = std::string(BASIN_CXX) +
                                " -std=c++17 -O1 -ffp-contract=off -w -shared -fPIC " + folder_ +
                                "/kernels.cpp -o " + folder_ + "/kernels.so";
    if (std::system(compile.c_str()) != 0) throw Error("the kernels do not compile");
    library_ = ::dlopen((folder_ + "/kernels.so").c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library_) throw Error(::dlerror());
  }
  ~Library() {
    if (library_) ::dlclose(library_);
    std::filesystem::remove_all(folder_);
  }
  using Run = void (*)(unsigned long long count, void** pointers, const void* scalars);
  template <class T>
  Run step(std::size_t chain) const {
    const std::string name = "run_" + std::to_string(2 * chain + std::is_same_v<T, double>);
    return reinterpret_cast<Run>(::dlsym(library_, name.c_str()));
  }

 private:
  static void add(std::ostream& file, std::size_t number, std::size_t pointers, const std::string& source) {
    file << "#define step step_" << number << "\nnamespace k" << number << " {\n" << source;
    file << "extern \"C\" void run_" << number << "(Count n, void** p, const void* s) {\n  step(n";
    for (std::size_t i = 0; i < pointers; ++i) file << ", (T*)p[" << i << "]";
    file << ", *(const Scalars*)s);\n}\n}\n#undef step\n#undef SCALARS\n";
  }
  std::string folder_;
  void* library_ = nullptr;
};

template <class T>
void expect_bits_of_the_loops(const Library& library, const std::string& text, std::size_t number) {
  const Chain chain = Chain::parse(text);
  for (const std::size_t misaligned : {0u, 1u}) {
    Bed<T> loops(chain, {35, 1'001, 0}, misaligned), kernel(chain, {35, 1'001, 0}, misaligned);
    for (Step t = 1; t <= 12; ++t) {
      EXPECT_EQ(kernel_of<T>(chain, t), kernel_of<T>(chain, 1)) << text << ": another kernel at step " << t;
      loops.draw_gradients(t), kernel.draw_gradients(t);
      loops.step(t);
      for (std::size_t p = 0; p < kernel.count(); ++p) {
        std::vector<T> scalars;
        for (const double scalar : written(chain, t, kernel.numbers(p)).scalars)
          scalars.push_back(static_cast<T>(scalar));
        std::vector<void*> pointers{kernel.weights(p), kernel.gradients(p)};
        for (std::size_t i = 0; i < chain.rule.slot_count(); ++i) pointers.push_back(kernel.slot(p, i));
        library.template step<T>(number)(kernel.size(p), pointers.data(), scalars.data());
      }
    }
    EXPECT_TRUE(same_bits(loops.everything(), kernel.everything())) << text << " of " << type_name<T>;
  }
}

TEST(ChainSource, HasTheBitsOfTheLoops) {
  const std::vector<std::string> texts = chains();
  EXPECT_GT(texts.size(), 60u);
  const Library library(texts);
  for (std::size_t c = 0; c < texts.size(); ++c) {
    expect_bits_of_the_loops<float>(library, texts[c], c);
    expect_bits_of_the_loops<double>(library, texts[c], c);
  }
}

// What stays as it is costs no writing.
TEST(ChainSource, WritesToWhatChangesAlone) {
  const std::string source = kernel_of<float>(Chain::parse("momentum"), 1);
  EXPECT_NE(source.find("void step(Count n, T* x, const T* g, T* s0, const Scalars s)"), std::string::npos)
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

}  // namespace
}  // namespace basin::kernels
