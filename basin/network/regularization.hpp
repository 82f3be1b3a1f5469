// Regularization against overfitting, by name and strength: "l2 1e-4, label_smoothing 0.1".
//
// Loss     + l1 sum |w| + l2 sum w^2, also in the reported losses, over the weights of linear and
//          convolutional layers, like Keras's kernel_regularizer; l1 and l2 together are the elastic net
// Targets  (1 - label_smoothing) for their class, and label_smoothing shared by all classes (Szegedy et al.,
//          2016), in training only
// Weights  max_norm: after a step, the weights into one unit are scaled down to this norm (Srebro &
//          Shraibman, 2005)
//          ema: an exponential mean of the weights is evaluated and kept, with factor min(ema, (1+t)/(10+t))
//          after t steps (Polyak & Juditsky, 1992); the statistics of batch norm remain those of the training
//          weights
// Gradient sam: the gradient at the point within this distance where the loss is worst, in the direction of
// the whole network's gradient (Foret et al., 2021); asam: the same in units of each weight (Kwon et al.,
// 2021; about ten times larger). Doubles the time of a step
// Layers   dropout: replaces the probabilities of the network's dropout layers, or is inserted before its
//          last linear layer
// Departs  decay that is decoupled from the gradient is a link: adam+decay, adamw
#pragma once
#include "basin/core/knobs.hpp"
#include "basin/network/layers.hpp"

namespace basin::nn {

struct Regularization {
  static constexpr std::string_view name = "regularize";
  Decay l1 = 0, l2 = 0;
  Beta label_smoothing = 0;
  Amount max_norm = 0;  // 0 means no bound
  Beta dropout = -1;    // -1: as in the layers
  Beta ema = 0;         // 0: evaluates the last weights instead of a mean
  Amount sam = 0, asam = 0;
  BASIN_KNOBS(l1, l2, label_smoothing, max_norm, dropout, ema, sam, asam)
};

// Throws InputError for a number outside its range, and for sam together with asam.
void check(const Regularization& regularization);
// Parses as parse_settings does (core/settings_text.hpp). Also throws InputError as `check` does.
Regularization parse_regularization(std::string_view text);

// Returns the layers with that dropout. Throws InputError if there is neither a dropout nor a linear layer.
std::vector<Layer> with_dropout(std::vector<Layer> layers, const Regularization& regularization);

}  // namespace basin::nn
