#include "basin/report/csv.hpp"

#include <cmath>

#include "basin/core/knobs.hpp"

namespace basin::report {
namespace {

// A record of RFC 4180 under construction.
class Row {
 public:
  Row& text(std::string_view value) {
    separate();
    if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
      line_ += value;
      return *this;
    }
    line_ += '"';
    for (const char c : value) line_ += c == '"' ? std::string("\"\"") : std::string(1, c);
    line_ += '"';
    return *this;
  }
  Row& number(double value) { return text(std::isfinite(value) ? text_of(value) : std::string()); }
  Row& whole(std::int64_t value) { return text(std::to_string(value)); }
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

std::string row_of(const study::StoredTrial& stored, const study::Epoch& e) {
  const study::Trial& trial = stored.trial;
  const study::Configuration& config = trial.config;
  Row row;
  row.whole(trial.number).text(config.optimizer).text(trial.factor).whole(trial.replicate);
  row.number(configured_rate(config)).whole(config.batch_size);
  for (const study::Worded& w : study::worded) row.text(config.*w.text);
  row.text(other_knobs(config));
  row.text(study::name_of(stored.result.state)).whole(e.epoch).number(e.lr);
  row.number(e.train_loss).number(e.train_accuracy).number(e.validation_loss).number(e.validation_accuracy);
  return row.number(e.seconds).ended();
}

}  // namespace

std::string curves_csv(const std::vector<study::StoredTrial>& trials) {
  std::string out =
      "trial,optimizer,factor,replicate,lr0,batch_size,init,schedule,regularize,augment,normalize,groups,"
      "knobs,state,epoch,lr,"
      "train_loss,train_accuracy,validation_loss,validation_accuracy,seconds\n";
  for (const study::StoredTrial& stored : trials) {
    for (const study::Epoch& epoch : stored.curve) out += row_of(stored, epoch);
  }
  return out;
}

}  // namespace basin::report
