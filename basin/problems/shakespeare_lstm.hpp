// Characters of Shakespeare with a recurrent network, the textbook's case for RMSProp.
//
// Data     1,115,394 characters, 65 different ones (Karpathy's tiny Shakespeare); the last 5 % are the test,
//          the 5 % before them validation
// Known    char-rnn (Karpathy, 2015): two layers of 128, RMSProp, a validation loss below 1.5 after 50 epochs
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem shakespeare_lstm() {
  Problem p{.name = "shakespeare-lstm",
            .summary = "The next character of Shakespeare (1.1 million of them): an LSTM of 256",
            .data = "tinyshakespeare",
            .layers = "embedding 64, lstm 256, linear outputs",
            .metric = "log_loss",
            .metrics = {"perplexity", "bits_per_char", "accuracy"},
            .target = 1.75,
            .epochs = 8,
            .batch_size = 32,
            .train_size = 8000,
            .images_per_second = 350};
  p.source =
      data::Source{.kind = "text", .file = "input.txt", .window = 64, .test = 0.05, .validation = 0.05};
  return p;
}

}  // namespace basin
