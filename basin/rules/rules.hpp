// The list of rules. One line here yields the optimizer class, the name on the command line, the checkpoint,
// the search space, the row in the documentation and the tests.
#pragma once
#include "basin/core/list.hpp"
#include "basin/rules/adabelief.hpp"
#include "basin/rules/adabound.hpp"
#include "basin/rules/adadelta.hpp"
#include "basin/rules/adafactor.hpp"
#include "basin/rules/adagrad.hpp"
#include "basin/rules/adam.hpp"
#include "basin/rules/adamax.hpp"
#include "basin/rules/adamw.hpp"
#include "basin/rules/adan.hpp"
#include "basin/rules/ademamix.hpp"
#include "basin/rules/adopt.hpp"
#include "basin/rules/amsgrad.hpp"
#include "basin/rules/asgd.hpp"
#include "basin/rules/came.hpp"
#include "basin/rules/d_adapt_adamw.hpp"
#include "basin/rules/d_adapt_sgd.hpp"
#include "basin/rules/dog.hpp"
#include "basin/rules/ftrl.hpp"
#include "basin/rules/graft.hpp"
#include "basin/rules/heavy_ball.hpp"
#include "basin/rules/laprop.hpp"
#include "basin/rules/lion.hpp"
#include "basin/rules/mars.hpp"
#include "basin/rules/momentum.hpp"
#include "basin/rules/nadam.hpp"
#include "basin/rules/nesterov.hpp"
#include "basin/rules/novograd.hpp"
#include "basin/rules/prodigy.hpp"
#include "basin/rules/radam.hpp"
#include "basin/rules/rmsprop.hpp"
#include "basin/rules/rmsprop_dialects.hpp"
#include "basin/rules/rprop.hpp"
#include "basin/rules/schedule_free_adamw.hpp"
#include "basin/rules/schedule_free_radam.hpp"
#include "basin/rules/schedule_free_sgd.hpp"
#include "basin/rules/sgd.hpp"
#include "basin/rules/sign_sgd.hpp"
#include "basin/rules/sm3.hpp"
#include "basin/rules/sophia.hpp"
#include "basin/rules/sparse_adam.hpp"
#include "basin/rules/yogi.hpp"

namespace basin::rules {

using All =
    List<Sgd, Momentum, Nesterov, HeavyBall, Asgd, Rprop, Adagrad, Adadelta, RmsProp, RmsPropMomentum,
         RmsPropCentered, RmsPropCenteredMomentum, Adam, AdamW, Amsgrad, AmsgradW, Adamax, NAdam, RAdam,
         SparseAdam, Lion, SignSgd, Signum, Tiger, AdaBelief, Yogi, AdaBound, AmsBound, Adan, LaProp, Adopt,
         AdEmaMix, Mars, Sophia, AdamGraftMomentum, NovoGrad, Ftrl, Adafactor, Came, Sm3, Sm3Momentum, Dog,
         LDog, DAdaptSgd, DAdaptAdamW, Prodigy, ScheduleFreeSgd, ScheduleFreeAdamW, ScheduleFreeRAdam>;

// The same rules as other libraries compute them. Each declares which libraries those are.
using Dialects = List<MomentumKeras, NesterovKeras, AdagradKeras, AdadeltaKeras, RmsPropKeras, RmsPropOptax,
                      RmsPropTf1, RmsPropMomentumKeras, RmsPropMomentumTf1, RmsPropCenteredKeras,
                      RmsPropCenteredMomentumKeras, AdamKeras, AdamOptax, AdamWKeras, AdamWOptax, AdamWPaper,
                      AmsgradKeras, AmsgradOptax, AmsgradPaper, AdamaxKeras, NAdamKeras, NAdamOptax,
                      RAdamOptax, YogiOptax, LaPropAuthors, FtrlKeras, ProdigyAuthors>;

template <Rule... R, Rule... D>
List<R..., D...> joined(List<R...>, List<D...>);
using Every = decltype(joined(All{}, Dialects{}));

}  // namespace basin::rules
