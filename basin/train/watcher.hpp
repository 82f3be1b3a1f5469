// Who wants to know how a training run goes, and may end it.
#pragma once
#include <cstdint>
#include <string>

#include "basin/train/fit_result.hpp"

namespace basin::train {

// How far the current epoch is.
struct Running {
  int epoch = 0;
  std::int64_t batch = 0, batches = 0;  // trained in this epoch, and in all of it
  Score train;                          // so far in this epoch
  double images_per_second = 0;         // of training, from the beginning
};

// Called on the training thread. A resumed run reports the epochs before it, too.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void on_batch(const Running&) {}
  virtual void on_epoch(const Row&) {}
  // A checkpoint cannot be read or written; training goes on.
  virtual void on_warning(const std::string&) {}
  virtual bool cancelled() { return false; }  // asked before every batch; true ends the training
};

}  // namespace basin::train
