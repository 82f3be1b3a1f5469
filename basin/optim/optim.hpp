// The whole library in one header, for programs that replace torch::optim by basin::optim.
#pragma once
#include "basin/optim/accumulate.hpp"
#include "basin/optim/average.hpp"
#include "basin/optim/lbfgs.hpp"
#include "basin/optim/lookahead.hpp"
#include "basin/optim/named_state.hpp"
#include "basin/optim/optimizer.hpp"
#include "basin/optim/sam.hpp"
#include "basin/optim/scheduler.hpp"
#include "basin/optim/torch_optim.hpp"
#include "basin/optim/torch_state.hpp"
#include "basin/rules/rules.hpp"
