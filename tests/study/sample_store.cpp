// Writes the sample study into a store, for other programs to judge: `basin_sample_store FILE`.
//
// Trial 0 is complete and tested, 1 diverged, 2 failed, 3 is running, the others are waiting. With a second
// argument it is a search: trial 0 is complete, 1 pruned, 2 waiting.
#include "tests/study/sample_study.hpp"

namespace {

using namespace basin::study;

void write_search(Store& store) {
  using basin::search::Kind;
  const basin::search::Space space{
      {{.name = "lr", .low = 1e-4, .high = 1, .scale = basin::Scale::log},
       {.name = "batch_size", .kind = Kind::integer, .low = 16, .high = 256, .scale = basin::Scale::log},
       {.name = "init", .kind = Kind::category, .choices = {"default", "he_normal"}}}};
  const Configuration base{.optimizer = "adam", .knobs = {{"lr", 0.001}}};
  Study study = study_of({});
  study.search = Search{.sampler = "random", .arms = {{.space = space, .variants = {{"base", base}}}}};
  store.create(study);
  const Configuration other = with_point(base, space, {0.25, 32, 1});
  store.add({{0, base, 0, factor_default}, {1, other, 0, factor_search}});
  for (int number : {0, 1}) {
    store.start(number);
    store.record(number, {.epoch = 1, .validation = {{"loss", 1}, {"accuracy", 0.5}}});
  }
  store.finish(0, {.state = State::complete, .best_epoch = 1, .validation = {{"accuracy", 0.5}}});
  store.finish(
      1, {.state = State::pruned, .reason = "median", .best_epoch = 1, .validation = {{"accuracy", 0.5}}});
  store.add({{2, base, 1, "base"}});
}

}  // namespace

int main(int argc, char** argv) {
  const auto store = open_sqlite(argv[1]);
  if (argc > 2) return write_search(*store), 0;
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
