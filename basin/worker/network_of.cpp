#include "basin/worker/network_of.hpp"

#include "basin/core/error.hpp"

namespace basin::worker {

nn::Shape input_shape(train::Examples& examples) {
  const std::uint32_t first[] = {0};
  const torch::Tensor inputs = examples.gather(train::Part::train, first).inputs;
  if (inputs.dim() == 4) return {inputs.size(2), inputs.size(3), inputs.size(1)};
  if (inputs.dim() == 2) return {1, 1, inputs.size(1)};
  throw InputError(
      "inputs have " + std::to_string(inputs.dim()) +
      " dimensions; layers take 2 (examples x features) or 4 (examples x channels x height x width)");
}

std::shared_ptr<nn::Network> network_of(const OwnProblem& problem, train::Examples& examples,
                                        const nn::Regularization& regularization) {
  if (problem.network) {
    if (regularization.dropout >= 0)
      throw InputError("--regularize dropout: this problem builds its own network");
    return problem.network();
  }
  return nn::make_network(
      nn::with_dropout(nn::parse_layers(problem.declared.layers, input_shape(examples)), regularization));
}

}  // namespace basin::worker
