#include "basin/optim/tensor_step.hpp"

#include <map>

#include "basin/optim/gpu_step.hpp"
#include "basin/optim/tensor_instance.hpp"
#include "basin/rules/links.hpp"
#include "basin/rules/rules.hpp"

namespace basin::optim {
namespace {

struct Known {
  std::map<const kernels::Table*, TensorRule> rules;
  std::map<const kernels::LinkTable*, TensorLink> links;
};

Known& known() {
  static Known all;
  return all;
}

// Registers the lists of this tree at the first call.
void learn_own() {
  static const bool learnt = [] {
    rules::Every::each([]<class R>() { with_tensors<R>(); });
    links::All::each([]<class L>() { with_tensors<L>(); });
    return true;
  }();
  static_cast<void>(learnt);
}

template <class Map, class Table>
const auto& instance_of(const Map& map, const Table& table) {
  const auto found = map.find(&table);
  if (found == map.end())
    throw InputError(table.info.name +
                     " is compiled for the CPU alone; with_tensors makes it known for others");
  return found->second;
}

const TensorRule& instance_of(const kernels::AnyRule& rule) {
  learn_own();
  return instance_of(known().rules, rule.table());
}
const TensorLink& instance_of(const kernels::AnyLink& link) {
  learn_own();
  return instance_of(known().links, link.table());
}

std::vector<double> on_this_machine(const at::Tensor& sums) {
  const at::Tensor here = sums.to(at::kCPU, at::kDouble).contiguous();
  return {here.data_ptr<double>(), here.data_ptr<double>() + here.numel()};
}

// What a link sees of one leaf: the gradient after the links before it, and the direction, null before the
// rule.
struct Seen {
  const TensorLeaf* leaf;
  Value x, g, u;

  bool one_row() const { return x.tensor.dim() < 2; }
  std::int64_t rows() const { return one_row() ? 1 : x.tensor.size(0); }
  // The same for one row.
  Seen row(std::int64_t i) const {
    const auto cut = [i](const Value& v) {
      return Value{v.tensor.defined() ? v.tensor.select(0, i) : v.tensor};
    };
    return {leaf, cut(x), cut(g), cut(u)};
  }
};

// Sums many lists of terms and waits for the device only once.
class Summed {
 public:
  // Squares of 16-bit numbers overflow sooner than the numbers, so terms are computed from these.
  static Value wide(const Value& v) {
    return {v.tensor.defined() && v.tensor.element_size() < 4 ? v.tensor.to(at::kFloat) : v.tensor};
  }
  void add(const std::vector<Value>& terms) {
    for (const Value& term : terms) {
      const at::Tensor sum = term.tensor.sum(at::kDouble);
      sums_.push_back(sums_.empty() ? sum : sum.to(sums_.front().device()));
    }
    sizes_.push_back(terms.size());
  }
  std::vector<std::vector<double>> lists() const {
    const auto values = sums_.empty() ? std::vector<double>() : on_this_machine(at::stack(sums_));
    std::vector<std::vector<double>> out;
    for (auto next = values.begin(); const std::size_t size : sizes_) {
      out.emplace_back(next, next + static_cast<std::ptrdiff_t>(size));
      next += static_cast<std::ptrdiff_t>(size);
    }
    return out;
  }

 private:
  std::vector<at::Tensor> sums_;
  std::vector<std::size_t> sizes_;
};

std::vector<std::vector<double>> summed(const TensorLink& link, const std::vector<Seen>& all) {
  Summed out;
  for (const Seen& seen : all)
    out.add(link.terms(Summed::wide(seen.x), Summed::wide(seen.g), Summed::wide(seen.u)));
  return out.lists();
}
// Adds to a total that may still be empty.
void add(std::vector<double>& total, const std::vector<double>& sums) {
  total.resize(sums.size());
  for (std::size_t k = 0; k < sums.size(); ++k) total[k] += sums[k];
}

double count_of(const Seen& seen) { return static_cast<double>(seen.x.tensor.numel()); }

class Links {
 public:
  explicit Links(std::span<const TensorLeaf> leaves) {
    for (const TensorLeaf& leaf : leaves) seen_.push_back({&leaf, {leaf.weight}, {leaf.gradient}, {}});
  }
  std::vector<Seen>& seen() { return seen_; }

  // Applies the first `count` links before the rule. Returns false if one skips the step.
  bool apply_before(const kernels::Chain& chain, std::size_t count, Totals totals) {
    for (std::size_t i = 0; i < count; ++i)
      if (!apply(chain.before[i], i < totals.size() ? totals[i] : std::nullopt)) return false;
    return true;
  }

  kernels::Total total(const kernels::AnyLink& link) const {
    kernels::Total out;
    const auto sums = summed(instance_of(link), seen_);
    for (std::size_t l = 0; l < seen_.size(); ++l) {
      for (std::size_t k = 0; k < sums[l].size(); ++k) out.terms[k] += sums[l][k];
      out.count += count_of(seen_[l]);
    }
    return out;
  }

  // Returns false if the link skips the step.
  bool apply(const kernels::AnyLink& link, const std::optional<kernels::Total>& given = {}) {
    const TensorLink& instance = instance_of(link);
    const auto scope = link.info().scope;
    if (scope == Scope::row) return apply_to_rows(link, instance), true;
    if (scope == Scope::all) return apply_to_all(link, instance, given ? *given : total(link));
    const auto sums = summed(instance, seen_);
    for (std::size_t l = 0; l < seen_.size(); ++l)
      change(link, instance, seen_[l], sums[l], count_of(seen_[l]));
    return true;
  }

 private:
  static void put(const kernels::AnyLink& link, Seen& seen, Value result) {
    (link.info().place == basin::Place::direction ? seen.u : seen.g) = std::move(result);
  }
  static void change(const kernels::AnyLink& link, const TensorLink& instance, Seen& seen,
                     const std::vector<double>& sums, double count) {
    put(link, seen,
        instance.apply(link.settings(), *seen.leaf, {sums, count, seen.one_row()}, seen.x, seen.g, seen.u));
  }

  bool apply_to_all(const kernels::AnyLink& link, const TensorLink& instance, const kernels::Total& total) {
    const std::vector<double> sums(total.terms.begin(),
                                   total.terms.begin() + static_cast<std::ptrdiff_t>(link.table().terms));
    if (link.table().skip) return !link.table().skip(link.settings(), {sums, total.count, false});
    for (Seen& seen : seen_) change(link, instance, seen, sums, total.count);
    return true;
  }

  void apply_to_rows(const kernels::AnyLink& link, const TensorLink& instance) {
    std::vector<Seen> rows;  // of all leaves, consecutive
    for (const Seen& seen : seen_)
      for (std::int64_t i = 0; i < seen.rows(); ++i) rows.push_back(seen.one_row() ? seen : seen.row(i));
    const auto sums = summed(instance, rows);
    std::size_t next = 0;
    for (Seen& seen : seen_) {
      std::vector<at::Tensor> changed;
      for (std::int64_t i = 0; i < seen.rows(); ++i, ++next) {
        const Seen& row = rows[next];
        const Sums of_row{sums[next], count_of(row), seen.one_row()};
        changed.push_back(instance.apply(link.settings(), *row.leaf, of_row, row.x, row.g, row.u).tensor);
      }
      if (!changed.empty()) put(link, seen, {seen.one_row() ? changed.front() : at::stack(changed)});
    }
  }

  std::vector<Seen> seen_;
};

// The sums that a rule needs, per leaf. With Scope::all, each leaf gets the numbers of the one with the most
// steps.
class RuleSums {
 public:
  RuleSums(const kernels::AnyRule& rule, const std::vector<Seen>& seen)
      : of_all_(rule.table().scope == Scope::all), sums_(seen.size()), counts_(seen.size()) {
    if (!rule.table().scope || seen.empty()) return;
    const TensorRule& instance = instance_of(rule);
    const TensorLeaf& leader =
        *std::ranges::max_element(seen, {}, [](const Seen& each) { return each.leaf->step; })->leaf;
    const std::vector<double> numbers(leader.numbers.begin(), leader.numbers.end());
    Summed sums;
    for (std::size_t l = 0; l < seen.size(); ++l) {
      const TensorLeaf& leaf = *seen[l].leaf;
      if (of_all_) std::ranges::copy(numbers, leaf.numbers.begin());
      const Step t = of_all_ ? leader.step : leaf.step;
      sums.add(instance.terms(rule.settings(), t, leaf.numbers, leaf, Summed::wide(seen[l].g)));
      counts_[l] = count_of(seen[l]);
    }
    sums_ = sums.lists();
    if (of_all_) add_all();
  }
  Sums of(std::size_t l, bool one_row) const {
    return {sums_[of_all_ ? 0 : l], counts_[of_all_ ? 0 : l], one_row};
  }

 private:
  void add_all() {
    for (std::size_t l = 1; l < sums_.size(); ++l) {
      add(sums_[0], sums_[l]);
      counts_[0] += counts_[l];
    }
  }

  bool of_all_;
  std::vector<std::vector<double>> sums_;
  std::vector<double> counts_;
};

// Runs the rule, the links after it and the step as separate libtorch operations.
void step_by_tensors(const kernels::Chain& chain, Links& links) {
  const TensorRule& rule = instance_of(chain.rule);
  const RuleSums sums(chain.rule, links.seen());
  for (std::size_t l = 0; l < links.seen().size(); ++l) {
    Seen& each = links.seen()[l];
    each.u = rule.aim(chain.rule.settings(), *each.leaf, each.g, sums.of(l, each.one_row()));
  }
  if (chain.rule.table().moves) return;
  for (const kernels::AnyLink& link : chain.after) links.apply(link);
  for (const Seen& each : links.seen()) at::Tensor(each.leaf->weight).sub_(each.u.tensor * chain.rule.lr());
}

void step_by_kernel(const kernels::Chain& chain, const GpuStep& step, Links& links) {
  const RuleSums sums(chain.rule, links.seen());
  for (std::size_t l = 0; l < links.seen().size(); ++l) {
    const Seen& each = links.seen()[l];
    step(l, *each.leaf, each.g.tensor, sums.of(l, each.one_row()));
  }
}

}  // namespace

void remember(const kernels::Table& table, const TensorRule& rule) { known().rules[&table] = rule; }
void remember(const kernels::LinkTable& table, const TensorLink& link) { known().links[&table] = link; }

bool tensor_step(const kernels::Chain& chain, std::span<const TensorLeaf> leaves, Totals totals) {
  Links links(leaves);
  const auto kernel = GpuStep::of(chain, leaves);
  if (!links.apply_before(chain, kernel ? kernel->first() : chain.before.size(), totals)) return false;
  if (kernel)
    step_by_kernel(chain, *kernel, links);
  else
    step_by_tensors(chain, links);
  return true;
}

std::optional<kernels::Total> tensor_total(const kernels::Chain& chain, std::size_t i,
                                           std::span<const TensorLeaf> leaves, Totals totals) {
  Links links(leaves);
  if (!links.apply_before(chain, i, totals)) return {};
  return links.total(chain.before[i]);
}

void tensor_turn(Mode to, const kernels::AnyRule& rule, std::span<const TensorLeaf> leaves) {
  if (!rule.table().two_points) return;
  for (const TensorLeaf& leaf : leaves) instance_of(rule).turn(rule.settings(), to, leaf);
}

}  // namespace basin::optim
