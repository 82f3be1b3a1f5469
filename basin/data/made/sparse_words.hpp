// Sparse words: documents of words of which few are frequent and most are rare, as in every text, with a
// class that the words say, rare ones as much as frequent ones. Here rates per weight, as Adagrad's, should
// pay.
//
// Layout   a row of ones for the words of a document, distinct and in order. Every document has `words` draws
//          from Zipf's law: word k of `width` has a probability in proportion to 1 / (k + 1)
// Class    1 with probability s(z), where s is the sigmoid and z the sum of the weights of its words over the
//          root of their number; a quarter of all words have a weight, normally distributed, the others 0
// Limit    no network can be right more often than the mean of max(s, 1 - s), which `best_accuracy` holds
#pragma once
#include "basin/core/philox.hpp"
#include "basin/data/made/made.hpp"

namespace basin::data {

struct SparseWords {
  MadeSparseTable documents;
  std::vector<double> weights;  // of the words: what a network should find, up to a factor
  double best_accuracy = 0;     // with these weights, expected over the classes; about 0.9 by default
};

struct SparseWordsSize {
  std::int64_t count, width = 20'000, words = 50;
};

// Returns `count` documents. The same streams give the same documents. Every part of a data set has the same
// `truth`, from which the weights of the words are drawn, and a `random` of its own.
//
// Throws  InputError if there are fewer than 1 words or the width is outside [2, 2^31)
SparseWords sparse_words(const SparseWordsSize& size, Stream truth, Stream random);

}  // namespace basin::data
