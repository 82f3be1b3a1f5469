// WeightDecay acts on what the rule has made.
// expect: a link that belongs after the rule comes before it in this chain
// expect: basin::rules::Adam
#include "basin/kernels/chain.hpp"
#include "basin/rules/links.hpp"
#include "basin/rules/rules.hpp"

basin::rules::Chain<basin::links::WeightDecay, basin::rules::Adam> chain;
