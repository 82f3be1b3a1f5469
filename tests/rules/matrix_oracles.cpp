// Rules with row and column state. The knob "rows" gives the number of rows; 0 for a vector.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/rules/families.hpp"

namespace basin::test {
namespace {

std::size_t rows_of(const Knobs& k) { return static_cast<std::size_t>(k.at("rows")); }

Vector squares(const Vector& a, double plus = 0) {
  Vector out(a.size());
  std::ranges::transform(a, out.begin(), [&](double v) { return v * v + plus; });
  return out;
}
double mean(const Vector& a) {
  return std::accumulate(a.begin(), a.end(), 0.0) / static_cast<double>(a.size());
}
double rms(const Vector& a) { return std::sqrt(mean(squares(a))); }

// The means of a matrix over its columns, one per row, or over its rows.
Vector means(const Vector& a, std::size_t rows, bool of_rows) {
  const std::size_t columns = a.size() / rows;
  Vector out(of_rows ? rows : columns);
  for (std::size_t i = 0; i < a.size(); ++i)
    out[of_rows ? i / columns : i % columns] += a[i] / static_cast<double>(of_rows ? columns : rows);
  return out;
}

// A running mean of a matrix of squares, of which only the row and column means are stored; stored in full
// for a vector.
class Factored {
 public:
  Factored(Memory& memory, const std::string& name, std::size_t size, std::size_t rows)
      : rows_(rows),
        size_(size),
        of_rows_(remembered(memory, name + " rows", std::max<std::size_t>(rows, 1))),
        of_columns_(remembered(memory, name + " columns", rows > 0 ? size / rows : size)) {}

  void follow(const Vector& values, double take) {
    mix(of_columns_, rows_ > 0 ? means(values, rows_, false) : values, take);
    if (rows_ > 0) mix(of_rows_, means(values, rows_, true), take);
  }
  // The mean of the rows counts as at least `least`.
  Vector estimate(double least = 0) const {
    if (rows_ == 0) return of_columns_;
    Vector out(size_);
    const double all = std::max(mean(of_rows_), least);
    const std::size_t columns = size_ / rows_;
    for (std::size_t i = 0; i < size_; ++i) out[i] = of_rows_[i / columns] * of_columns_[i % columns] / all;
    return out;
  }

 private:
  static void mix(Vector& old, const Vector& now, double take) {
    for (std::size_t i = 0; i < old.size(); ++i) old[i] = (1 - take) * old[i] + take * now[i];
  }
  std::size_t rows_, size_;
  Vector &of_rows_, &of_columns_;
};

// Shazeer & Stern 2018, Algorithms 4 and 5, with the two eps where PyTorch has them.
void adafactor(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  Factored v(memory, "v", x.size(), rows_of(k));
  v.follow(squares(g), std::pow(t, k.at("beta2_decay")));
  Vector u = v.estimate(k.at("eps1"));
  for (std::size_t i = 0; i < u.size(); ++i) u[i] = g[i] / std::max(std::sqrt(u[i]), k.at("eps1"));
  const double rate = std::min(k.at("lr"), 1 / std::sqrt(t)) * std::max(k.at("eps2"), rms(x));
  const double clip = std::max(1.0, rms(u) / k.at("d"));
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = (1 - k.at("lr") * k.at("weight_decay")) * x[i] - rate * u[i] / clip;
}

// Luo et al. 2023, Algorithm 2.
void came(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  Factored v(memory, "v", x.size(), rows_of(k)), residue(memory, "residue", x.size(), rows_of(k));
  Vector& m = remembered(memory, "m", x.size());
  v.follow(squares(g, k.at("eps1")), 1 - k.at("beta2"));
  Vector u = v.estimate();
  for (std::size_t i = 0; i < u.size(); ++i) u[i] = g[i] / std::sqrt(u[i]);
  const double long_by = rms(u) / k.at("d"), clip = long_by < 1 ? 1 : long_by;
  Vector apart(u.size());
  for (std::size_t i = 0; i < u.size(); ++i) {
    m[i] = k.at("beta1") * m[i] + (1 - k.at("beta1")) * u[i] / clip;
    apart[i] = u[i] / clip - m[i];
  }
  residue.follow(squares(apart, k.at("eps2")), 1 - k.at("beta3"));
  const Vector instability = residue.estimate();
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double step = rows_of(k) > 0 ? m[i] / std::sqrt(instability[i]) : m[i];
    x[i] -= k.at("lr") * (step + k.at("weight_decay") * x[i]);
  }
}

// Anil et al. 2019, Algorithm SM3-II: each weight is covered by its row and its column; in a vector, by
// itself.
Vector sm3_direction(const Vector& g, Memory& memory, const Knobs& k) {
  const std::size_t rows = rows_of(k), columns = rows > 0 ? g.size() / rows : g.size();
  Vector &row = remembered(memory, "row", rows), &column = remembered(memory, "column", columns);
  Vector next_row(rows), next_column(columns), u(g.size());
  for (std::size_t i = 0; i < g.size(); ++i) {
    const std::size_t r = i / columns, c = i % columns;
    const double v = (rows > 0 ? std::min(row[r], column[c]) : column[c]) + g[i] * g[i];
    u[i] = g[i] / (std::sqrt(v) + k.at("eps"));
    if (rows > 0) next_row[r] = std::max(next_row[r], v);
    next_column[c] = std::max(next_column[c], v);
  }
  row = next_row, column = next_column;
  return u;
}

void sm3(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  const Vector u = sm3_direction(g, memory, k);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] -= k.at("lr") * u[i];
}

void sm3_momentum(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  const Vector u = sm3_direction(g, memory, k);
  Vector& m = remembered(memory, "m", x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    m[i] = k.at("momentum") * m[i] + (1 - k.at("momentum")) * u[i];
    x[i] -= k.at("lr") * m[i];
  }
}

}  // namespace

Family matrix_family() {
  return {{"adafactor", adafactor}, {"came", came}, {"sm3", sm3}, {"sm3_momentum", sm3_momentum}};
}

}  // namespace basin::test
