#include "cli/first_step.hpp"

#include "basin/kernels/driver.hpp"

namespace basin::cli {

double first_step(const RuleInfo& info, double gradient) {
  const kernels::AnyRule rule = kernels::AnyRule::named(info.name);
  double weight = 1;
  std::array<double, kernels::most_slots> slots{};
  std::array<double, kernels::most_numbers> numbers;
  numbers.fill(1);
  kernels::Leaf<double> leaf{{&weight, &gradient, {}, 1}};
  leaf.numbers = std::span(numbers).first(rule.table().numbers);
  for (std::size_t i = 0; i < rule.slot_count(); ++i) {
    slots[i] = rule.table().starts_as_weight(i) ? weight : rule.initial(i);
    leaf.tile.slots[i] = &slots[i];
  }
  kernels::Driver<double>().step(rule, std::span(&leaf, 1), {});
  return (1 - weight) / rule.lr();
}

}  // namespace basin::cli
