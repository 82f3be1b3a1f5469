// Data that rules make, in shared memory: no file is needed.
#pragma once
#include "basin/data/shared.hpp"
#include "basin/data/source.hpp"

namespace basin::data {

// Returns the data of the rule that `source.file` names, sealed: `count` examples for training and
// validation, a quarter of that for the test. The same source gives the same data.
//
//   spirals        kind table: x, y; two classes
//   adding         kind sequences: `window` steps of two channels; the sum of two numbers (made/adding.hpp)
//   sparse-words   kind sparse: documents; two classes
//
// Throws InputError for an unknown rule, for targets that it does not make, and for sizes that it cannot
// have.
SharedSet share_made(const Source& source);

}  // namespace basin::data
