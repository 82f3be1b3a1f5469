// Who wants to know how a training run goes, and may end it.
#pragma once
#include <string>

#include "basin/train/fit_result.hpp"

namespace basin::train {

// Observes a run; called on the training thread. A resumed run also reports the epochs before it.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void on_batch(const Progress&) {}
  virtual void on_epoch(const Row&) {}
  // A checkpoint could not be read or written. Training continues.
  virtual void on_warning(const std::string&) {}
  virtual bool cancelled() { return false; }  // called before every batch; true ends the training
};

}  // namespace basin::train
