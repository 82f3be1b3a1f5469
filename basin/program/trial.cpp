#include "basin/program/trial.hpp"

#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <csignal>

#include "basin/core/knobs.hpp"
#include "basin/program/curve.hpp"
#include "basin/program/output.hpp"
#include "basin/program/placeholders.hpp"
#include "basin/program/process.hpp"
#include "basin/records/json.hpp"

namespace basin::program {
namespace {

using Clock = std::chrono::steady_clock;
using study::Json;
using study::State;

constexpr auto between_beats = std::chrono::seconds(1);
constexpr std::size_t longest_reason = 300;  // it is one line of a table

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Fits what NumPy takes as a seed.
std::string seed_of(const Order& order) {
  const std::uint64_t seed = order.settings.seed + static_cast<std::uint64_t>(order.trial.replicate);
  return std::to_string(seed & 0xffffffff);
}

Launch launch_of(const Order& order, const TrialFolder& folder) {
  const std::string number = std::to_string(order.trial.number);
  Values values{
      {"seed", seed_of(order)}, {"trial", number}, {"folder", folder.path()}, {"config", folder.config()}};
  for (const auto& [name, value] : order.trial.config.knobs) values[name] = text_of(value);
  for (const auto& [name, value] : order.trial.config.values) values[name] = value;
  Launch launch{{},
                {"BASIN_TRIAL=" + number, "BASIN_SEED=" + seed_of(order), "BASIN_FOLDER=" + folder.path(),
                 "BASIN_CONFIG=" + folder.config()},
                order.problem.program->folder};
  for (const std::string& word : order.problem.program->command)
    launch.command.push_back(filled(word, values));
  return launch;
}

double rate_of(const Order& order) {
  const auto lr = order.trial.config.knobs.find("lr");
  return lr == order.trial.config.knobs.end() ? not_known : lr->second;
}

// Why a program was stopped. One that ended by itself was not.
enum class Stopped { no, pruned, diverged, too_late, parent_gone };

class Run {
 public:
  Run(const Order& order, study::Channel& parent, Keeper& keeper)
      : order_(order),
        program_(*order.problem.program),
        parent_(parent),
        folder_(order.weights, order.trial.number),
        reader_(program_),
        curve_(order.problem, rate_of(order), folder_.points()),
        log_(folder_.log()),
        process_(launch(), keeper) {}

  study::Result result() {
    while (!process_.ended()) {
      wait();
      read_some();
      look_at_clock();
      if (stopped_ == Stopped::no && parent_.closed()) stop(Stopped::parent_gone, "the parent is gone");
    }
    while (read_some()) {
    }
    lines_.finish([&](std::string_view line) { take(line); });
    log_.finish(last_);
    if (stopped_ == Stopped::no && process_.status() == 0) send(curve_.finish());
    if (!curve_.test().empty()) folder_.write_test(curve_.test());
    return made();
  }

 private:
  Launch launch() {
    folder_.write_config(order_.trial.config);
    return launch_of(order_, folder_);
  }

  // Until there is output, or it is time to look whether the program has ended.
  void wait() {
    pollfd output{process_.output(), POLLIN, 0};  // poll skips -1
    ::poll(&output, 1, process_.output() < 0 ? 2 : 20);
  }

  bool read_some() {
    const std::string_view bytes = process_.read();
    log_.write(bytes);
    lines_.append(bytes, [&](std::string_view line) { take(line); });
    return !bytes.empty();
  }

  void take(std::string_view line) {
    last_.add(line);
    if (stopped_ != Stopped::no) return;
    const auto report = reader_.read(line);
    if (!report) return;
    send(curve_.take(*report, seconds_since(begin_)));
    if (curve_.diverged() && stopped_ == Stopped::no) stop(Stopped::diverged, *curve_.diverged());
  }

  void send(const std::vector<Point>& points) {
    if (points.empty()) return;
    if (points.size() == curve_.points().size())
      folder_.write_points(points);
    else
      for (const Point& point : points) folder_.append(point);
    for (const Point& point : points) {
      if (stopped_ != Stopped::no) return;
      parent_.send({{"type", "epoch"}, {"number", order_.trial.number}, {"epoch", point.epoch}});
      ++sent_;
      if (order_.verdicts) hear_verdict();
    }
  }

  void hear_verdict() {
    const auto verdict = parent_.receive();
    if (!verdict || (*verdict)["type"] == "quit")
      stop(Stopped::parent_gone, "the parent is gone");
    else if ((*verdict)["type"] == "stop")
      stop(Stopped::pruned, verdict->value("reason", ""));
  }

  void stop(Stopped why, const std::string& reason) {
    stopped_ = why;
    reason_ = reason;
    kill_at_ = Clock::now() + std::chrono::milliseconds(static_cast<std::int64_t>(1e3 * program_.grace));
    process_.signal(SIGTERM);
    process_.signal(SIGCONT);  // one that is stopped would not see it
  }

  void look_at_clock() {
    const auto now = Clock::now();
    if (stopped_ != Stopped::no && now >= kill_at_) process_.signal(SIGKILL);
    if (stopped_ == Stopped::no && program_.time_limit > 0 && seconds_since(begin_) >= program_.time_limit)
      stop(Stopped::too_late,
           "it was stopped after its time limit of " + text_of(program_.time_limit) + " s");
    if (now - last_beat_ < between_beats) return;
    last_beat_ = now;
    parent_.send({{"type", "beat"}, {"number", order_.trial.number}});
  }

  study::Result made() const {
    study::Result out{.state = state(), .reason = reason(), .seconds = seconds_since(begin_)};
    out.best_epoch = std::min(curve_.best_epoch(), sent_);
    if (out.best_epoch > 0) {
      const Epoch& best = curve_.points()[static_cast<std::size_t>(out.best_epoch - 1)].epoch;
      out.validation = best.validation;
    }
    return out;
  }

  State state() const {
    if (stopped_ == Stopped::pruned) return State::pruned;
    if (stopped_ == Stopped::diverged) return State::diverged;
    const bool well = stopped_ == Stopped::no && process_.status() == 0 && !curve_.points().empty();
    return well ? State::complete : State::failed;
  }

  std::string reason() const {
    if (stopped_ == Stopped::pruned || stopped_ == Stopped::diverged) return reason_;
    if (state() == State::complete) return {};
    const std::string what = stopped_ != Stopped::no  ? reason_
                             : process_.status() != 0 ? in_words(process_.status())
                                                      : "it reported no " + goal_of(program_.metric).name;
    const std::string lines = last_.in_one_line(3, longest_reason - std::min(longest_reason, what.size()));
    return what + (lines.empty() ? "" : ": " + lines);
  }

  const Order& order_;
  const Program& program_;
  study::Channel& parent_;
  TrialFolder folder_;
  Reader reader_;
  Curve curve_;
  Lines lines_;
  LastLines last_;
  Log log_;
  Process process_;
  Clock::time_point begin_ = Clock::now(), last_beat_ = Clock::now(), kill_at_{};
  Stopped stopped_ = Stopped::no;
  std::string reason_;
  int sent_ = 0;  // epochs
};

}  // namespace

study::Result run(const Order& order, study::Channel& parent, Keeper& keeper) {
  return Run(order, parent, keeper).result();
}

}  // namespace basin::program
