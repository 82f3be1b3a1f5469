// Chains that the field knows by a name of their own. A new one is a line here.
#pragma once
#include <array>
#include <string_view>

namespace basin::rules {

struct NamedChain {
  std::string_view name, title, paper, text;  // text: links and rule, as Chain::parse reads them
};

inline constexpr std::array chains{
    NamedChain{"lamb", "LAMB", "You et al., Large Batch Optimization for Deep Learning, ICLR 2020, Algorithm 2",
               "adamw+trust_ratio"},
    NamedChain{"cautious_adamw", "Cautious AdamW", "Liang, Chen, Liu & Liu, Cautious Optimizers, 2024, Algorithm 1",
               "adam+cautious+decay"},
};

}  // namespace basin::rules
