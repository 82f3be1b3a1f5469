// Writes the sample study into a store, for other programs to judge: `basin_sample_store FILE`.
//
// Trial 0 is complete and tested, 1 diverged, 2 failed, 3 is running, the others are waiting.
#include "tests/study/sample_study.hpp"

int main(int, char** argv) {
  using namespace basin::study;
  const auto store = open_sqlite(argv[1]);
  store->create(sample_study());
  for (int number = 0; number < 4; ++number) {
    store->start(number);
    store->record(number, {.epoch = 1, .lr = 0.01, .validation = {{"loss", 0.75}, {"accuracy", 0.5}}});
  }
  store->record(0, {.epoch = 2, .lr = 0.01, .validation = {{"loss", 0.5}, {"accuracy", 0.75}}});
  store->record(1, {.epoch = 2, .lr = 0.01});
  store->finish(
      0, {.state = State::complete, .best_epoch = 2, .validation = {{"loss", 0.5}, {"accuracy", 0.75}}});
  store->record_test(0, {{"loss", 0.55}, {"accuracy", 0.7}});
  store->finish(1, {.state = State::diverged, .reason = "the loss is not finite"});
  store->finish(2, {.state = State::failed, .reason = "worker killed by SIGKILL (out of memory?)"});
}
