#include "basin/report/csv.hpp"

#include <cmath>
#include <concepts>

#include "basin/core/knobs.hpp"

namespace basin::report {
namespace {

// A record of RFC 4180 under construction.
class Row {
 public:
  void add(std::string_view text) {
    separate();
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
      line_ += text;
      return;
    }
    line_ += '"';
    for (const char c : text) line_ += c == '"' ? std::string("\"\"") : std::string(1, c);
    line_ += '"';
  }
  void add(double value) { add(std::string_view(std::isfinite(value) ? text_of(value) : std::string())); }
  void add(std::integral auto value) { add(std::string_view(std::to_string(value))); }
  std::string ended() const { return line_ + "\n"; }

 private:
  void separate() {
    if (!first_) line_ += ',';
    first_ = false;
  }
  std::string line_;
  bool first_ = true;
};

double configured_rate(const study::Configuration& config) {
  const auto found = config.knobs.find("lr");
  return found == config.knobs.end() ? study::not_known : found->second;
}

std::string other_knobs(const study::Configuration& config) {
  std::string out;
  for (const auto& [name, value] : config.knobs) {
    if (name == "lr") continue;
    if (!out.empty()) out += ';';
    out += name + "=" + text_of(value);
  }
  return out;
}

// Calls add(name, value) for each column in order. The measured ones, which differ from run to run, are last.
template <class Add>
void each_column(const study::StoredTrial& stored, const Epoch& epoch, const Names& metrics, Add add) {
  const study::Trial& trial = stored.trial;
  add("trial", trial.number);
  add("optimizer", trial.config.optimizer);
  add("factor", trial.factor);
  add("replicate", trial.replicate);
  add("lr0", configured_rate(trial.config));
  study::for_each_setting(trial.config, add);
  add("knobs", other_knobs(trial.config));
  add("state", study::name_of(stored.result.state));
  for (const bool measured : {false, true}) {
    for_each_member(epoch, [&](auto field, const auto& value) {
      if (field.is(trait::measured) != measured) return;
      if constexpr (field.is(trait::flat))
        for (const std::string& metric : metrics)
          add(std::string(field.name) + "_" + metric, value_of(value, metric));
      else
        add(field.name, value);
    });
  }
}

std::string header(const Names& metrics) {
  Row row;
  each_column({}, {}, metrics, [&](std::string_view name, const auto&) { row.add(name); });
  return row.ended();
}

std::string row_of(const study::StoredTrial& stored, const Epoch& epoch, const Names& metrics) {
  Row row;
  each_column(stored, epoch, metrics, [&](std::string_view, const auto& value) { row.add(value); });
  return row.ended();
}

}  // namespace

std::string curves_csv(const std::vector<study::StoredTrial>& trials, const Names& metrics) {
  std::string out = header(metrics);
  for (const study::StoredTrial& stored : trials) {
    for (const Epoch& epoch : stored.curve) out += row_of(stored, epoch, metrics);
  }
  return out;
}

}  // namespace basin::report
