// The adding problem: remember two numbers of a long sequence, and say their sum.
//
// Paper    Hochreiter & Schmidhuber, Long Short-Term Memory, 1997, experiment 4, in the form of Le, Jaitly
//          & Hinton, A Simple Way to Initialize Recurrent Networks of Rectified Linear Units, 2015
// Layout   two channels a step: a number, uniform in [0, 1), and a mark, 1 at one step of the first half and
//          at one of the second, 0 elsewhere; the value is the sum of the two marked numbers
// Limit    always saying 1 has a mean squared error of 1/6, the variance of the sum; remembering both has 0
#pragma once
#include "basin/core/philox.hpp"
#include "basin/data/made/made.hpp"

namespace basin::data {

// Returns `count` sequences of `length` steps. The same stream gives the same sequences.
//
// Throws  InputError if length < 2
MadeSequences adding(std::int64_t count, std::int64_t length, Stream random);

}  // namespace basin::data
