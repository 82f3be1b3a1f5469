#include "basin/worker/worker.hpp"

#include <malloc.h>
#include <torch/version.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>

#include "basin/records/json.hpp"
#include "basin/study/orphan.hpp"
#include "basin/worker/probe.hpp"
#include "basin/worker/trial_runner.hpp"

namespace basin {
namespace {

using study::Json;

// The time to write a checkpoint after the parent has died: a batch, and the disk.
constexpr std::chrono::seconds until_written{10};

// Returning the pages of every batch's activations and faulting them in again costs a third of the time.
void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 64 << 20);
}

Json described(const worker::Problems& problems) {
  return {{"libtorch", TORCH_VERSION}, {"problems", problems.describe()}};
}

worker::Order order_of(const Json& message) {
  worker::Order order{message.at("trial").get<study::Trial>(),
                      message.at("problem").get<Problem>(),
                      message.at("settings").get<study::Settings>(),
                      message.at("weights").get<std::string>(),
                      {}};
  if (const auto found = message.find("checkpoints"); found != message.end() && !found->is_null()) {
    order.checkpoints = found->at("folder").get<std::string>();
    order.every = found->at("every").get<double>();
  }
  order.verdicts = message.value("verdicts", false);
  return order;
}

RangeTest range_of(const Json& message) {
  return {message.at("from").get<double>(), message.at("to").get<double>(),
          message.at("steps").get<std::int64_t>()};
}

std::optional<std::pair<int, std::size_t>> shared_of(const Json& data) {
  if (data.is_null()) return std::nullopt;
  return std::pair{data.at("fd").get<int>(), data.at("bytes").get<std::size_t>()};
}

// Answers one order. Whatever goes wrong with a trial costs only that trial.
Json answer(const Json& message, worker::TrialRunner& runner, study::Channel& channel) {
  const worker::Order order = order_of(message);
  const int number = order.trial.number;
  try {
    const Recipe recipe = recipe_of(order.trial.config);
    if (message["type"] == "run")
      return {{"type", "done"}, {"number", number}, {"result", runner.run(order, recipe, channel)}};
    if (message["type"] == "range")
      return {{"type", "ranged"},
              {"number", number},
              {"losses", runner.range_losses(order, recipe, range_of(message), channel)}};
    return {{"type", "tested"}, {"number", number}, {"test", runner.evaluate(order, recipe, channel)}};
  } catch (const std::bad_alloc&) {
    return {{"type", "error"}, {"number", number}, {"message", "out of memory"}};
  } catch (const c10::Error& e) {
    return {{"type", "error"}, {"number", number}, {"message", e.what_without_backtrace()}};
  } catch (const std::exception& e) {
    return {{"type", "error"}, {"number", number}, {"message", e.what()}};
  }
}

int serve(int fd, const worker::Problems& problems) {
  study::outlive_parent(until_written);
  study::Channel channel(fd);
  channel.send({{"type", "hello"}, {"version", study::protocol_version}, {"libtorch", TORCH_VERSION}});
  std::optional<worker::TrialRunner> runner;
  while (const std::optional<Json> message = channel.receive()) {
    const Json& type = (*message)["type"];
    if (type == "quit") return 0;
    if (type == "probe") {
      if (!channel.send({{"type", "probed"}, {"probe", worker::probe()}})) return 0;
      continue;
    }
    if (type != "run" && type != "evaluate" && type != "range")
      throw InputError("a message of unknown type " + type.dump());
    if (!runner) runner.emplace(problems, shared_of(message->at("data")));
    if (!channel.send(answer(*message, *runner, channel))) return 0;
  }
  return 0;
}

}  // namespace

int worker_main(int argc, char** argv, const std::vector<OwnProblem>& own) {
  int fd = -1;
  bool describe = false;
  CLI::App app("Runs trials for the command basin, which starts it: basin compare PROBLEM --worker THIS");
  app.add_option("--fd", fd, "the socket to speak with the parent");
  app.add_flag("--describe", describe, "print the problems as JSON");
  CLI11_PARSE(app, argc, argv);
  keep_freed_memory();
  const worker::Problems problems(own);
  try {
    if (fd >= 0) return serve(fd, problems);
    std::cout << (describe ? described(problems).dump() + "\n" : app.help());
    return 0;
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    return 1;
  }
}

}  // namespace basin
