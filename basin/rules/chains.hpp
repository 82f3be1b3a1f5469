// The list of named chains: a rule with the links that its paper puts around it, one line each. A chain may
// change the rule's defaults: "adamw:eps=1e-06".
#pragma once
#include <array>
#include <string_view>

namespace basin::rules {

struct NamedChain {
  std::string_view name, title, chain;  // as typed, as in the literature, and the chain it names
};

inline constexpr std::array named_chains{
    // You, Gitman & Ginsburg, Large Batch Training of Convolutional Networks, 2017.
    NamedChain{"lars", "LARS", "lars_rate+momentum"},
    // You et al., Large Batch Optimization for Deep Learning, ICLR 2020; eps as in the authors' code.
    NamedChain{"lamb", "LAMB", "adamw:eps=1e-06+trust_ratio"},
    // Fong, Chen & Chen, Improving Layer-wise Adaptive Rate Methods using Trust Ratio Clipping, 2020.
    NamedChain{"lambc", "LAMB with a clipped trust ratio", "adamw:eps=1e-06+trust_ratio:1"},
    // NVIDIA, A Guide to Optimizer Implementation for BERT at Scale, 2019.
    NamedChain{"nvlamb", "LAMB over normalized gradients", "unit_norm+adamw:eps=1e-06+trust_ratio"},
};

}  // namespace basin::rules
