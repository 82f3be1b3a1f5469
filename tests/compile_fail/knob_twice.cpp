// L2 and WeightDecay both have a knob `weight`: `set("weight", ...)` would have to guess.
// expect: a knob occurs twice in this chain
// expect: basin::rules::Adam
#include "basin/kernels/chain.hpp"
#include "basin/rules/links.hpp"
#include "basin/rules/rules.hpp"

basin::rules::Chain<basin::links::L2, basin::rules::Adam, basin::links::WeightDecay> chain;
