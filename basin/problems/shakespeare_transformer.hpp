// Characters of Shakespeare with a transformer, the textbook's case for AdamW.
//
// Data     as of shakespeare-lstm
// Known    nanoGPT's recipe for a CPU (4 layers, 4 heads, 128 wide, context 64, batch 12, 2,000 steps): a
//          validation loss of 1.88, on its last 10 %
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem shakespeare_transformer() {
  Problem p{.name = "shakespeare-transformer",
            .summary = "The next character of Shakespeare: a transformer of 4 layers, 4 heads, 128 wide",
            .data = "tinyshakespeare",
            .layers = "char-transformer 4 4 128",
            .metric = "log_loss",
            .metrics = {"perplexity", "bits_per_char", "accuracy"},
            .target = 1.9,
            .epochs = 8,
            .batch_size = 12,
            .train_size = 3000,
            .images_per_second = 250};
  p.source =
      data::Source{.kind = "text", .file = "input.txt", .window = 64, .test = 0.05, .validation = 0.05};
  return p;
}

}  // namespace basin
