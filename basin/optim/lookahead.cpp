#include "basin/optim/lookahead.hpp"

#include <torch/serialize/archive.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "basin/optim/archive.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;

std::vector<Tensor> parameters_of(const torch::optim::Optimizer& optimizer) {
  std::vector<Tensor> out;
  for (const OptimizerParamGroup& group : optimizer.param_groups())
    out.insert(out.end(), group.params().begin(), group.params().end());
  return out;
}

LookaheadOptions checked(const LookaheadOptions& o) {
  if (o.every < 1)
    throw InputError("lookahead: every = " + std::to_string(o.every) + "; it must be 1 or more");
  if (!domain::fraction.contains(o.share))
    throw InputError("lookahead: share = " + text_of(o.share) + "; it must be in [0, 1]");
  return o;
}

}  // namespace

Lookahead::Lookahead(torch::optim::Optimizer& optimizer, LookaheadOptions options)
    : optimizer_(optimizer), options_(checked(options)), slow_(parameters_of(optimizer)) {}

Tensor Lookahead::step(torch::optim::Optimizer::LossClosure closure) {
  Tensor loss = optimizer_.step(std::move(closure));
  if (++steps_ % options_.every != 0) return loss;
  slow_.follow(options_.share);
  slow_.copy_back();
  return loss;
}

void Lookahead::save(torch::serialize::OutputArchive& archive) const {
  archive.write("steps", c10::IValue(steps_));
  slow_.save(archive);
}

void Lookahead::load(torch::serialize::InputArchive& archive) {
  const std::int64_t steps = read(archive, "steps").toInt();
  slow_.load(archive);
  steps_ = steps;
}

}  // namespace basin::optim
