// Texts and series in shared memory: one long run of steps, of which the last share is the test. The part
// before it is for training and validation, again in the order of time (`steps_of`).
#pragma once
#include <string>

#include "basin/data/readers/csv.hpp"
#include "basin/data/readers/text_corpus.hpp"
#include "basin/data/shared.hpp"
#include "basin/data/source.hpp"

namespace basin::data {

// Returns a text as a data set of kind "text", sealed. Throws InputError if a part would be shorter than a
// window and the symbol after it.
SharedSet share_text(const TextCorpus& corpus, const Source& source, const std::string& file);

// Returns numeric columns of a table as a data set of kind "series", sealed: those that `source` predicts, or
// all. Throws InputError for a column that is not there or holds categories or a missing value, and if a part
// would be shorter than a window and its horizon.
SharedSet share_series(const CsvTable& table, const Source& source, const std::string& file);

// A range of steps.
struct Steps {
  std::int64_t begin = 0, end = 0;
  std::int64_t count() const { return end - begin; }
};
// Returns the steps of "train.tokens" or "train.series" that training and validation have, one after the
// other.
struct TrainingSteps {
  Steps train, validation;
};
TrainingSteps training_steps(std::int64_t count, double validation_share);

// Returns how many windows `steps` steps hold: those of a text follow one another, those of a series begin at
// every step and are followed by what they predict.
std::int64_t text_windows(std::int64_t steps, const Source& source);
std::int64_t series_windows(std::int64_t steps, const Source& source);

}  // namespace basin::data
