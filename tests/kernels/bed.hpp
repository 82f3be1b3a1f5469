// Parameters of several sizes, with gradients that change at every step, optimised by a chain without
// libtorch.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <thread>
#include <vector>

#include "basin/core/philox.hpp"
#include "basin/kernels/driver.hpp"

namespace basin::kernels {

template <class T>
class Bed {
 public:
  Bed(const Chain& chain, std::vector<std::size_t> sizes, std::size_t misaligned = 0) : chain_(chain) {
    const AnyRule& rule = chain.rule;
    for (std::size_t p = 0; p < sizes.size(); ++p) {
      Parameter& parameter = parameters_.emplace_back();
      parameter.size = sizes[p];
      parameter.rows = sizes[p] % 7 == 0 ? 7 : 0;
      parameter.values.resize(2 + rule.slot_count());
      for (auto& values : parameter.values) values.resize(sizes[p] + misaligned);
      parameter.offset = misaligned;
      Stream random(1, p, "weights");
      for (std::size_t i = 0; i < sizes[p]; ++i) weights(p)[i] = static_cast<T>(random.uniform() - 0.5);
      remember_afresh(p);
    }
  }

  std::size_t count() const { return parameters_.size(); }
  std::size_t size(std::size_t p) const { return parameters_[p].size; }
  std::size_t rows(std::size_t p) const { return parameters_[p].rows; }
  T* weights(std::size_t p) { return parameters_[p].values[0].data() + parameters_[p].offset; }
  T* gradients(std::size_t p) { return parameters_[p].values[1].data() + parameters_[p].offset; }
  T* slot(std::size_t p, std::size_t i) {
    return parameters_[p].values[2 + i].data() + parameters_[p].offset;
  }
  std::vector<double>& numbers(std::size_t p) { return parameters_[p].numbers; }
  Chain& chain() { return chain_; }

  // Sets weights of the caller's choice, and the initial slots of a rule for them.
  void start(std::size_t p, const std::vector<T>& values) {
    std::copy_n(values.begin(), size(p), weights(p));
    remember_afresh(p);
  }

  void draw_gradients(Step t) {
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
      Stream random(2, p, "gradients", static_cast<std::uint64_t>(t));
      for (std::size_t i = 0; i < size(p); ++i) gradients(p)[i] = static_cast<T>(random.uniform() - 0.4);
    }
  }

  // Returns false if a link skipped the step.
  bool step(Step t, const Execution& how = {}) { return driver_.step(chain_, leaves(t), how); }
  void turn(Mode to, const Execution& how = {}) { driver_.turn(to, chain_.rule, leaves(1), how); }

  void run(Step steps, const Execution& how) {
    for (Step t = 1; t <= steps; ++t) draw_gradients(t), step(t, how);
  }

  // Returns weights and slots, bit by bit.
  std::vector<T> everything() const {
    std::vector<T> out;
    for (const Parameter& p : parameters_)
      for (std::size_t v = 0; v < p.values.size(); ++v)
        if (v != 1)
          out.insert(out.end(), p.values[v].begin() + static_cast<std::ptrdiff_t>(p.offset),
                     p.values[v].end());
    return out;
  }

 private:
  struct Parameter {
    std::size_t size = 0, rows = 0, offset = 0;
    std::vector<std::vector<T>> values;  // weights, gradients, slots
    std::vector<double> numbers;
  };

  void remember_afresh(std::size_t p) {
    const AnyRule& rule = chain_.rule;
    auto& [size, rows, offset, values, numbers] = parameters_[p];
    for (std::size_t i = 0; i < rule.slot_count(); ++i) {
      std::ranges::fill(values[2 + i], static_cast<T>(rule.initial(i)));
      if (rule.table().starts_as_weight(i)) values[2 + i] = values[0];
    }
    numbers.assign(rule.table().numbers, 1.0);
  }

  std::span<const Leaf<T>> leaves(Step t) {
    leaves_.clear();
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
      Leaf<T>& leaf = leaves_.emplace_back(Leaf<T>{{weights(p), gradients(p), {}, size(p)}, t});
      leaf.numbers = parameters_[p].numbers;
      leaf.number = p;
      leaf.rows = parameters_[p].rows;
      for (std::size_t i = 0; i < chain_.rule.slot_count(); ++i) leaf.tile.slots[i] = slot(p, i);
    }
    return leaves_;
  }

  Chain chain_;
  Driver<T> driver_;
  std::vector<Parameter> parameters_;
  std::vector<Leaf<T>> leaves_;
};

// Returns the difference between two values; infinite if either is NaN, which comparisons would miss.
inline double apart(double a, double b) {
  const double distance = std::abs(a - b);
  return std::isnan(distance) ? std::numeric_limits<double>::infinity() : distance;
}

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

inline Parallel real_threads() {
  return [](std::size_t count, const std::function<void(std::size_t)>& task) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back(task, i);
    for (std::thread& thread : threads) thread.join();
  };
}

// Cuts a step into so many parts, however small it is, on separate threads.
inline Execution on_threads(std::size_t threads, Isa isa = best_isa()) {
  return {.isa = isa, .threads = threads, .parallel = real_threads(), .bytes_a_thread = 1};
}

}  // namespace basin::kernels
