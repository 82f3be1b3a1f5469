// The list of losses. One line here yields the name that people type, the row in `basin list`, and the tests;
// nn/losses/losses.hpp holds the computation of each.
#pragma once
#include <vector>

#include "basin/core/list.hpp"
#include "basin/losses/binary_cross_entropy.hpp"
#include "basin/losses/cross_entropy.hpp"
#include "basin/losses/hinge.hpp"
#include "basin/losses/huber.hpp"
#include "basin/losses/mae.hpp"
#include "basin/losses/mse.hpp"

namespace basin::losses {

using All = List<CrossEntropy, BinaryCrossEntropy, Mse, Mae, Huber, Hinge>;

// Returns every loss, in the order of the list.
const std::vector<Info>& loss_infos();
// Throws InputError, "unknown loss 'hubr'; did you mean 'huber'?".
const Info& find_loss(std::string_view name);

}  // namespace basin::losses
