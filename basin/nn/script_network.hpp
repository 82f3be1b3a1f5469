// A network of TorchScript: any module of PyTorch, saved by torch.jit.script or torch.jit.trace.
//
//   torch.jit.script(model).save("model.pt")            in Python
//   network.torchscript = "model.pt"                    in a problem's file
//
// Takes    the inputs of the examples, and returns logits or predictions; images come as
//          examples x channels x height x width, tokens as int64
// Weights  those of the file, for every seed, until an initializer is named; parameters and buffers are
//          called as in the module, with _ for each dot
// Trust    such a file holds code, which runs when the network does: open only files that you trust
// Throws   InputError that names the file if it is not of TorchScript, or of a PyTorch newer than this
//          libtorch reads
#pragma once
#include <filesystem>
#include <memory>

#include "basin/nn/network.hpp"

namespace basin::nn {

std::shared_ptr<Network> script_network(const std::filesystem::path& file);

}  // namespace basin::nn
