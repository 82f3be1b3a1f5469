// The requirements of a step on a parameter and its gradient. A caller may replace either between two steps,
// by set_data or mutable_grad, and the loops would then write out of bounds.
#pragma once
#include <string>
#include <string_view>

#include "basin/optim/state.hpp"

namespace basin::optim {

// Throws InputError with "sgd: parameter 3" followed by `what`.
[[noreturn]] void refuse_parameter(std::size_t index, std::string_view rule, const std::string& what);

// Checks that the parameter is a dense float tensor whose elements are all in memory, and that the gradient
// has its sizes, type and device, and a layout that the chain accepts.
//
// Throws  InputError, which names the parameter by its index among those of all groups
// Cost    reads the headers of both, no value; a parameter with gaps takes longer
void check_parameter(std::size_t index, const torch::Tensor& parameter, const torch::Tensor& gradient,
                     const kernels::Chain& chain);

// The same for steps by libtorch's operations, which accept any float type and would stop half-way: all
// elements are in memory without overlap, and the gradient, if there is one, has the parameter's shape.
void check_operands(std::size_t index, std::string_view who, const torch::Tensor& parameter);

}  // namespace basin::optim
