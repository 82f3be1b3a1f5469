#include "basin/program/worker.hpp"

#include <fcntl.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <string>

#include "basin/core/error.hpp"
#include "basin/program/trial.hpp"
#include "basin/program/trial_folder.hpp"
#include "basin/records/json.hpp"
#include "basin/study/orphan.hpp"

namespace basin::program {
namespace {

using study::Json;

Order order_of(const Json& message) {
  return {message.at("trial").get<study::Trial>(), message.at("problem").get<Problem>(),
          message.at("settings").get<study::Settings>(), message.at("weights").get<std::string>(),
          message.value("verdicts", false)};
}

// The parent may die while a program has its grace time.
void outlive_parent_for(const Program& program) {
  const auto grace = static_cast<std::int64_t>(std::ceil(program.grace));
  study::outlive_parent(std::chrono::seconds(grace + 2));
}

// What the program said about the test split when it ran; nothing if it has none.
Score tested(const Order& order) {
  return TrialFolder(order.weights, order.trial.number).test().value_or(Score{});
}

// Answers one order. Whatever goes wrong with a trial costs only that trial.
Json answer(const Json& message, study::Channel& parent, Keeper& keeper) {
  const Order order = order_of(message);
  const int number = order.trial.number;
  try {
    if (!order.problem.program) throw InputError("problem " + order.problem.name + " is no program");
    outlive_parent_for(*order.problem.program);
    if (message["type"] == "evaluate")
      return {{"type", "tested"}, {"number", number}, {"test", tested(order)}};
    if (message["type"] == "run")
      return {{"type", "done"}, {"number", number}, {"result", run(order, parent, keeper)}};
    throw InputError("a program has no learning rate that basin could test");
  } catch (const std::exception& e) {
    return {{"type", "error"}, {"number", number}, {"message", e.what()}};
  }
}

int serve(int fd) {
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);  // programs must not hold the socket
  study::outlive_parent(std::chrono::seconds(2));
  study::Channel parent(fd);
  Keeper keeper;
  parent.send({{"type", "hello"}, {"version", study::protocol_version}, {"libtorch", ""}});
  while (const std::optional<Json> message = parent.receive()) {
    const Json& type = (*message)["type"];
    if (type == "quit") return 0;
    if (type == "stop" || type == "go_on") continue;  // the trial has ended meanwhile
    if (type != "run" && type != "evaluate" && type != "range")
      throw InputError("a message of unknown type " + type.dump());
    if (!parent.send(answer(*message, parent, keeper))) return 0;
  }
  return 0;
}

}  // namespace

int worker_main(int argc, char** argv) {
  try {
    if (argc == 3 && std::string(argv[1]) == "--fd") return serve(std::atoi(argv[2]));
    std::cout << "Runs programs as trials for the command basin, which starts it.\n";
    return 0;
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    return 1;
  }
}

}  // namespace basin::program
