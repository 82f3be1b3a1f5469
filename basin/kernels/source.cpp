#include "basin/kernels/source.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <string_view>

namespace basin::kernels {
namespace {

thread_local Source* current = nullptr;

std::string literal(double value) {
  std::array<char, 40> digits;
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::scientific);
  return std::string("T(").append(digits.data(), end.ptr).append(")");
}

std::string numbered(const char* name, std::size_t number) {
  return std::string(name).append(std::to_string(number));
}

// The functions of core/math.hpp, and a weight with its neighbours, which a thread loads together.
constexpr std::string_view prelude = R"(
typedef unsigned long long Count;
struct Scalars { T k[SCALARS]; };
struct alignas(16) Four { T v[4]; };
__device__ inline float root(float v) { return sqrtf(v); }
__device__ inline double root(double v) { return sqrt(v); }
__device__ inline float size(float v) { return fabsf(v); }
__device__ inline double size(double v) { return fabs(v); }
__device__ inline T larger(T a, T b) { return a <= b || b != b ? b : a; }
__device__ inline T smaller(T a, T b) { return a >= b || b != b ? b : a; }
__device__ inline T sign(T v) { return v > T(0) ? T(1) : v < T(0) ? T(-1) : v; }
__device__ inline bool whole(const void* p) { return (Count)p % 16 == 0; }
)";

// An array that a kernel goes over (weights, gradients or a slot), and what becomes of its elements.
struct Array {
  std::string name, result;
  bool changes() const { return result != name; }
};

// Writes f(out, array) for each array, separated by commas.
template <class F>
void list(std::ostream& out, const std::vector<Array>& arrays, const F& f) {
  for (const char* between = ""; const Array& array : arrays) f(out << between, array), between = ", ";
}

// Writes the code for one weight and its slots. Everything is read before anything is written, so that a slot
// may take the previous value of another.
void put_element(std::ostream& out, const std::vector<Array>& arrays, const std::string& statements) {
  out << "__device__ inline void one(const Scalars& s, ";
  list(out, arrays,
       [](std::ostream& to, const Array& a) { to << (a.changes() ? "T& to_" : "const T ") << a.name; });
  out << ") {\n";
  for (const Array& a : arrays)
    if (a.changes()) out << "  const T " << a.name << " = to_" << a.name << ";\n";
  out << statements;
  for (const Array& a : arrays)
    if (a.changes()) out << "  to_" << a.name << " = " << a.result << ";\n";
  out << "}\n";
}

// Writes the loop over all weights: four at a time, if every array is aligned so that a thread may load four
// together.
void put_kernel(std::ostream& out, const std::vector<Array>& arrays) {
  out << "extern \"C\" __global__ void step(Count n, ";
  list(out, arrays,
       [](std::ostream& to, const Array& a) { to << (a.changes() ? "T* " : "const T* ") << a.name; });
  out << R"(, const Scalars s) {
  const Count first = blockIdx.x * (Count)blockDim.x + threadIdx.x, all = (Count)gridDim.x * blockDim.x;
  const Count fours = whole()";
  for (const char* between = ""; const Array& a : arrays) out << between << a.name, between = ") && whole(";
  out << ") ? n / 4 : 0;\n  for (Count i = first; i < fours; i += all) {\n";
  for (const Array& a : arrays) out << "    Four f" << a.name << " = ((const Four*)" << a.name << ")[i];\n";
  out << "    for (int j = 0; j < 4; ++j) one(s, ";
  list(out, arrays, [](std::ostream& to, const Array& a) { to << "f" << a.name << ".v[j]"; });
  out << ");\n";
  for (const Array& a : arrays)
    if (a.changes()) out << "    ((Four*)" << a.name << ")[i] = f" << a.name << ";\n";
  out << "  }\n  for (Count i = 4 * fours + first; i < n; i += all) one(s, ";
  list(out, arrays, [](std::ostream& to, const Array& a) { to << a.name << "[i]"; });
  out << ");\n}\n";
}

}  // namespace

Written::Written(double value) {
  if (current->wanted_ == Source::Wanted::scalars) {
    current->scalars.push_back(value);  // only inside `ask`
  } else if (current->asking_) {
    text_ = numbered("s.k[", current->scalars.size()).append("]");
    current->scalars.push_back(value);
  } else {
    text_ = literal(value);
  }
}

Written Written::stated(const std::string& expression) {
  std::string name = numbered("v", current->stated_++);
  current->statements_.append("  const T ").append(name).append(" = ").append(expression).append(";\n");
  return named(std::move(name));
}

Source::Source(std::size_t count, Wanted wanted) : wanted_(wanted) {
  for (std::size_t i = 0; i < count; ++i) slots.push_back(Written::named(numbered("s", i)));
}

Source::Writing::Writing(Source& source) : before_(current) { current = &source; }
Source::Writing::~Writing() { current = before_; }

std::string Source::kernel(const std::string& type) const {
  std::vector<Array> arrays{{"x", x.text()}, {"g", "g"}};
  for (std::size_t i = 0; i < slots.size(); ++i) arrays.push_back({numbered("s", i), slots[i].text()});
  std::ostringstream out;
  out << "typedef " << type << " T;\n#define SCALARS " << std::max<std::size_t>(scalars.size(), 1) << prelude;
  put_element(out, arrays, statements_);
  put_kernel(out, arrays);
  return out.str();
}

}  // namespace basin::kernels
