#include "basin/data/made/sparse_words.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "basin/core/error.hpp"

namespace basin::data {
namespace {

constexpr double telling = 0.25;  // the share of words that say something of the class
constexpr double strength = 10;   // the deviation of their weights: the best accuracy is about 0.9

// Box-Muller.
double normal(Stream& random) {
  const double u = 1 - random.uniform(), v = random.uniform();
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
}

std::vector<double> weights_of_words(std::int64_t width, Stream truth) {
  std::vector<double> out;
  for (std::int64_t k = 0; k < width; ++k) {
    const bool tells = truth.uniform() < telling;
    const double weight = strength * normal(truth);
    out.push_back(tells ? weight : 0);
  }
  return out;
}

// The sums of the probabilities of words, up to a factor.
std::vector<double> zipf(std::int64_t width) {
  std::vector<double> out;
  double sum = 0;
  for (std::int64_t k = 0; k < width; ++k) out.push_back(sum += 1 / static_cast<double>(k + 1));
  return out;
}

std::vector<std::int32_t> document(std::int64_t words, const std::vector<double>& sums, Stream& random) {
  std::vector<std::int32_t> out;
  for (std::int64_t i = 0; i < words; ++i) {
    const auto word = std::ranges::upper_bound(sums, random.uniform() * sums.back()) - sums.begin();
    out.push_back(static_cast<std::int32_t>(std::min<std::ptrdiff_t>(word, std::ssize(sums) - 1)));
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void check(const SparseWordsSize& size) {
  if (size.words < 1)
    throw InputError("sparse words: a document must have 1 word or more, found " +
                     std::to_string(size.words));
  if (size.width < 2 || size.width > std::numeric_limits<std::int32_t>::max())
    throw InputError("sparse words: the width must be in [2, 2^31), found " + std::to_string(size.width));
}

}  // namespace

SparseWords sparse_words(const SparseWordsSize& size, Stream truth, Stream random) {
  check(size);
  const std::vector<double> sums = zipf(size.width);
  SparseWords out{.documents = {.width = size.width, .row_offsets = {0}},
                  .weights = weights_of_words(size.width, truth)};
  MadeSparseTable& table = out.documents;
  for (std::int64_t i = 0; i < size.count; ++i) {
    const std::vector<std::int32_t> words = document(size.words, sums, random);
    double logit = 0;
    for (const std::int32_t word : words) logit += out.weights[static_cast<std::size_t>(word)];
    const double yes = 1 / (1 + std::exp(-logit / std::sqrt(static_cast<double>(words.size()))));
    table.columns.insert(table.columns.end(), words.begin(), words.end());
    table.values.insert(table.values.end(), words.size(), 1.0f);
    table.row_offsets.push_back(static_cast<std::int64_t>(table.columns.size()));
    table.classes.push_back(random.uniform() < yes);
    out.best_accuracy += std::max(yes, 1 - yes) / static_cast<double>(size.count);
  }
  return out;
}

}  // namespace basin::data
