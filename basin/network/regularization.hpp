// What keeps a network from learning its examples by heart, by name and strength: "l2 1e-4, label_smoothing 0.1".
//
// Loss     + l1 sum |w| + l2 sum w^2, the reported one too, over the weights of linear and convolutional layers, as Keras's
//          kernel_regularizer; l1 and l2 together are the elastic net
// Targets  (1 - label_smoothing) of their class and label_smoothing shared by all (Szegedy et al., 2016), in training alone
// Weights  those that enter one unit are scaled down to a norm of max_norm after a step (Srebro & Shraibman, 2005)
//          the mean that is evaluated and kept: an exponential one of factor ema, min(ema, (1+t)/(10+t)) after t steps (Polyak &
//          Juditsky, 1992); what batch norm remembers stays that of the weights that train
// Gradient that of where the loss is worst within a distance of sam, as the whole network's gradient says (Foret et al., 2021);
//          asam the same in units of each weight (Kwon et al., 2021; some ten times larger). Twice the time of a step
// Layers   dropout, in place of the probabilities of the network's dropout layers, or before its last linear layer
// Departs  decay that is decoupled from the gradient is a link: adam+decay, adamw
#pragma once
#include "basin/core/knobs.hpp"
#include "basin/network/layers.hpp"

namespace basin::nn {

struct Regularization {
  static constexpr std::string_view name = "regularize";
  Decay l1 = 0, l2 = 0;
  Beta label_smoothing = 0;
  Amount max_norm = 0;  // 0: without bound
  Beta dropout = -1;    // -1: as the layers say
  Beta ema = 0;         // 0: the last weights are evaluated, not a mean
  Amount sam = 0, asam = 0;
  BASIN_KNOBS(l1, l2, label_smoothing, max_norm, dropout, ema, sam, asam)
};

// Throws InputError for a number outside its range, and for sam and asam together.
void check(const Regularization& regularization);
// As parse_settings reads it (core/settings_text.hpp). Throws InputError, as `check` does, too.
Regularization parse_regularization(std::string_view text);

// The layers with that dropout. Throws InputError where there is neither a dropout nor a linear layer.
std::vector<Layer> with_dropout(std::vector<Layer> layers, const Regularization& regularization);

}  // namespace basin::nn
