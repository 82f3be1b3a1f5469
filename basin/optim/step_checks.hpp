// What a step requires of a parameter and its gradient. A caller may replace either between two steps, by set_data or by
// mutable_grad, and the loops would then write past their ends.
#pragma once
#include <string>
#include <string_view>

#include "basin/optim/state.hpp"

namespace basin::optim {

// Throws InputError: "sgd: parameter 3" and what is said of it.
[[noreturn]] void refuse_parameter(std::size_t index, std::string_view rule, const std::string& what);

// Throws InputError, which names the parameter by its place among those of all groups, unless the parameter is a dense
// float tensor whose elements are all in memory, and the gradient has its sizes, type and device and a layout that the
// chain takes.
// Cost  reads the headers of both, no value; a parameter with gaps is looked at more closely
void check_parameter(std::size_t index, const torch::Tensor& parameter, const torch::Tensor& gradient,
                     const kernels::Chain& chain);

// The same for what steps by libtorch's operations, which take any float type and would stop half-way: all elements are in
// memory, each in a place of its own, and the gradient, where there is one, has the parameter's shape.
void check_operands(std::size_t index, std::string_view who, const torch::Tensor& parameter);

}  // namespace basin::optim
