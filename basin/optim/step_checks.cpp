#include "basin/optim/step_checks.hpp"

#include <torch/types.h>

#include <algorithm>
#include <sstream>

#include "basin/core/names.hpp"
#include "basin/optim/distinct.hpp"
#include "basin/rules/rules.hpp"

namespace basin::optim {
namespace {

std::vector<std::string> rules_that_take_rows() {
  std::vector<std::string> out;
  rules::All::each([&]<class R> {
    if (takes_sparse<R>()) out.emplace_back(R::name);
  });
  return out;
}

std::string shape(const torch::Tensor& tensor) {
  std::ostringstream text;
  text << tensor.sizes();
  return text.str();
}

// One parameter with its gradient, and the chain that will step it.
class Checked {
 public:
  Checked(std::size_t index, const torch::Tensor& parameter, const torch::Tensor& gradient,
          const kernels::Chain& chain)
      : index_(index), parameter_(parameter), gradient_(gradient), chain_(chain) {}

  void check() const {
    check_weights();
    check_gradient();
    check_slot_format();
    if (gradient_.layout() != torch::kStrided) check_sparse();
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    refuse_parameter(index_, chain_.rule.info().name, what);
  }

  void check_weights() const {
    const auto type = parameter_.scalar_type();
    if (type != torch::kFloat32 && type != torch::kFloat64 && !is_packed(parameter_))
      refuse(" has type " + std::string(c10::toString(type)) +
             "; it must be float32, float64, bfloat16 or float16");
    if (parameter_.layout() != torch::kStrided) refuse(" is not dense; weights must be");
    if (!in_memory(parameter_))
      refuse(" has " + shape(parameter_) + " elements, which its storage does not hold");
    if (!parameter_.is_contiguous() && overlaps_itself(parameter_))
      refuse(" has elements that share memory, as those of an expanded tensor do; each weight needs its own");
  }

  void check_gradient() const {
    if (gradient_.scalar_type() != parameter_.scalar_type()) refuse(" and its gradient differ in type");
    if (gradient_.device() != parameter_.device()) refuse(" and its gradient are on different devices");
    if (!same_sizes(gradient_, parameter_))
      refuse(" has the shape " + shape(parameter_) + " and a gradient of shape " + shape(gradient_));
    if (gradient_.layout() == torch::kStrided && !in_memory(gradient_))
      refuse(" has a gradient of shape " + shape(gradient_) + ", which its storage does not hold");
  }

  // Packed slots are for whole parameters in the types of the float loops.
  void check_slot_format() const {
    const kernels::AnyRule& rule = chain_.rule;
    if (rule.slot_format() == kernels::SlotFormat::native || rule.slot_count() == 0) return;
    const std::string only = "; slots in " + std::string(name_of(rule.slot_format())) + " are for ";
    if (parameter_.scalar_type() == torch::kFloat64)
      refuse(" has type Double" + only + "float32, bfloat16 and float16");
    if (!parameter_.device().is_cpu()) refuse(" is on " + parameter_.device().str() + only + "the CPU");
    if (gradient_.layout() != torch::kStrided) refuse(" has a sparse gradient" + only + "dense ones");
  }

  void check_sparse() const {
    if (!parameter_.device().is_cpu())
      refuse(" has a sparse gradient on " + parameter_.device().str() + "; there it must be dense");
    if (!chain_.rule.table().sparse)
      refuse(" has a sparse gradient; " + listed(rules_that_take_rows()) + " take one");
    for (const auto* links : {&chain_.before, &chain_.after})
      for (const kernels::AnyLink& link : *links)
        if (link.info().scope && link.info().scope != Scope::all)
          refuse(" has a sparse gradient; " + link.info().name + " needs a dense one");
    if (gradient_.layout() != torch::kSparse || gradient_.sparse_dim() != 1 || !parameter_.is_contiguous())
      refuse(
          " has a sparse gradient; it must be sparse only in the first dimension, and the parameter "
          "contiguous");
    check_rows(gradient_._indices(), gradient_._values());
  }

  // libtorch builds such a gradient without a check if it is told that it is valid.
  void check_rows(const torch::Tensor& indices, const torch::Tensor& values) const {
    std::vector<std::int64_t> wanted = parameter_.sizes().vec();
    wanted[0] = indices.numel();
    if (values.sizes() != at::IntArrayRef(wanted) || !in_memory(values) || !in_memory(indices))
      refuse(" has a sparse gradient with values of shape " + shape(values) + " for " +
             std::to_string(indices.numel()) + " rows");
    if (indices.numel() == 0) return;
    const torch::Tensor rows = indices.contiguous();
    const auto [least, most] =
        std::minmax_element(rows.data_ptr<std::int64_t>(), rows.data_ptr<std::int64_t>() + rows.numel());
    if (*least < 0 || *most >= parameter_.size(0))
      refuse(" has " + std::to_string(parameter_.size(0)) + " rows, and a sparse gradient for row " +
             std::to_string(*least < 0 ? *least : *most));
  }

  std::size_t index_;
  const torch::Tensor& parameter_;
  const torch::Tensor& gradient_;
  const kernels::Chain& chain_;
};

}  // namespace

void refuse_parameter(std::size_t index, std::string_view rule, const std::string& what) {
  throw InputError(std::string(rule) + ": parameter " + std::to_string(index) + what);
}

void check_parameter(std::size_t index, const torch::Tensor& parameter, const torch::Tensor& gradient,
                     const kernels::Chain& chain) {
  Checked(index, parameter, gradient, chain).check();
}

void check_operands(std::size_t index, std::string_view who, const torch::Tensor& parameter) {
  const torch::Tensor& gradient = parameter.grad();
  if (gradient.defined() && gradient.sizes() != parameter.sizes())
    refuse_parameter(index, who, " and its gradient differ in shape");
  const bool dense = gradient.defined() && gradient.layout() == torch::kStrided;
  if (parameter.layout() != torch::kStrided || !in_memory(parameter) || overlaps_itself(parameter) ||
      (dense && !in_memory(gradient)))
    refuse_parameter(index, who, " has elements that share memory, or that its storage does not hold");
}

}  // namespace basin::optim
