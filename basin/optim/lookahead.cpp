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
  slow_.take_in(optimizer_);
  slow_.check();
  Tensor loss = optimizer_.step(std::move(closure));
  if (++steps_ % options_.every != 0) return loss;
  slow_.follow(options_.share);
  slow_.copy_back();
  return loss;
}

void Lookahead::save(torch::serialize::OutputArchive& archive) const {
  archive.write("steps", c10::IValue(steps_));
  archive.write("every", c10::IValue(options_.every));
  archive.write("share", c10::IValue(options_.share));
  slow_.save(archive);
}

void Lookahead::load(torch::serialize::InputArchive& archive) {
  const std::int64_t steps = read(archive, "steps").toInt();
  LookaheadOptions options = options_;
  c10::IValue every, share;  // absent in older archives
  if (archive.try_read("every", every)) options.every = every.toInt();
  if (archive.try_read("share", share)) options.share = share.toDouble();
  checked(options);
  slow_.take_in(optimizer_);
  slow_.load(archive);
  steps_ = steps, options_ = options;
}

}  // namespace basin::optim
