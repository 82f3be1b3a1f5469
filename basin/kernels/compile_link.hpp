// Compiles the loops of a link into its table, as compile.hpp does for rules.
#pragma once
#include "basin/kernels/compile.hpp"
#include "basin/kernels/link_loops.hpp"

namespace basin::kernels {

template <Link L, class T>
void link_scalars(const KnobArray& settings, Step t, std::uint64_t tensor, const Sums& sums, Scalars& out) {
  const L link = value_of<L>(settings);
  if constexpr (Scaling<L>)
    put(out, Multiply<T>{static_cast<T>(link.factor(sums))});
  else if constexpr (requires { link.template at<T>(t, sums); })
    put(out, link.template at<T>(t, sums));
  else if constexpr (Positioned<L>)
    put(out, link.template at<T>(t, tensor));
  else if constexpr (requires { link.template at<T>(t); })
    put(out, link.template at<T>(t));
}

template <Link L, class T>
constexpr LinkKernel<T> link_kernel_of() {
  LinkKernel<T> kernel{&link_scalars<L, T>, {}, {}};
  if constexpr (!Skipping<L>)
    kernel.apply = PerIsa<ApplyBody<L, T>, void(const void*, const LinkTile<T>&)>::table;
  if constexpr (Reducing<L>) kernel.sum = PerIsa<SumBody<L, T>, void(const LinkTile<T>&, double*)>::table;
  return kernel;
}

template <Link L>
LinkInfo link_info_of() {
  LinkInfo info{std::string(L::name), std::string(L::title), knobs_of<L>(), L::place, std::nullopt};
  if constexpr (Reducing<L>) info.scope = L::scope;
  return info;
}

// Never inlined, so that the symbol exists for files that see only the declaration.
template <Link L>
[[gnu::noinline, gnu::used]] const LinkTable& link_table_of() {
  static_assert(terms_of<L>() <= most_terms);
  static const LinkTable table = [] {
    LinkTable out{.info = link_info_of<L>(),
                  .check = [](const KnobArray& s) { checked(value_of<L>(s)); },
                  .terms = terms_of<L>(),
                  .skip = nullptr,
                  .factor = nullptr,
                  .on_float = link_kernel_of<L, float>(),
                  .on_double = link_kernel_of<L, double>(),
                  .write = nullptr};
    if constexpr (Skipping<L>)
      out.skip = [](const KnobArray& s, const Sums& sums) { return value_of<L>(s).skip(sums); };
    if constexpr (!Reducing<L> && !Positioned<L>)
      out.write = [](const KnobArray& s, Step t, Source& source) { write_link(value_of<L>(s), t, source); };
    if constexpr (Scaling<L>)
      out.factor = [](const KnobArray& s, const Sums& sums) { return value_of<L>(s).factor(sums); };
    return out;
  }();
  return table;
}

}  // namespace basin::kernels
