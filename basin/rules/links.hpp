// The list of links. To add one, add a file in links/ and its name here.
#pragma once
#include "basin/core/list.hpp"
#include "basin/rules/links/agc.hpp"
#include "basin/rules/links/cautious.hpp"
#include "basin/rules/links/centralize.hpp"
#include "basin/rules/links/clip_global_norm.hpp"
#include "basin/rules/links/clip_norm.hpp"
#include "basin/rules/links/clip_value.hpp"
#include "basin/rules/links/decay.hpp"
#include "basin/rules/links/l1.hpp"
#include "basin/rules/links/l1_decay.hpp"
#include "basin/rules/links/l2.hpp"
#include "basin/rules/links/lars_rate.hpp"
#include "basin/rules/links/maximize.hpp"
#include "basin/rules/links/noise.hpp"
#include "basin/rules/links/orthograd.hpp"
#include "basin/rules/links/skip_nonfinite.hpp"
#include "basin/rules/links/trust_ratio.hpp"
#include "basin/rules/links/unit_norm.hpp"

namespace basin::links {

using All =
    List<Maximize, SkipNonFinite, ClipByValue, ClipByNorm, ClipByGlobalNorm, UnitNorm, AdaptiveClip,
         Centralize, GradientNoise, LarsRate, OrthoGrad, L2, L1, WeightDecay, L1Decay, TrustRatio, Cautious>;

template <Link... L>
constexpr bool all_are_links(List<L...>) {
  return true;
}
static_assert(all_are_links(All{}));

}  // namespace basin::links
