#include "cli/ranking_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "basin/app/units.hpp"
#include "cli/metric_text.hpp"
#include "cli/text_table.hpp"

namespace basin::cli {
namespace {

constexpr std::size_t table_width = 100;
constexpr std::size_t least_configuration = 14;  // "glorot_uniform"
constexpr std::size_t configuration_column = 2;

template <class Member>
bool varies(const std::vector<study::StoredTrial>& trials, Member member) {
  return std::ranges::any_of(trials, [&](const study::StoredTrial& stored) {
    return stored.trial.config.*member != trials.front().trial.config.*member;
  });
}

// The names of initializers and schedules say what they are.
std::string shown(const study::Worded& w, const study::Configuration& config) {
  if (w.name == "init" || w.name == "schedule") return config.*w.text;
  return fmt::format("{} {}", w.name, config.*w.text);
}

std::vector<std::string> configuration_items(const study::Configuration& config,
                                             const std::vector<study::StoredTrial>& trials) {
  std::vector<std::string> parts;
  if (const auto lr = config.knobs.find("lr"); lr != config.knobs.end())
    parts.push_back("lr " + app::setting_text(lr->second));
  if (varies(trials, &study::Configuration::batch_size))
    parts.push_back(fmt::format("batch {}", config.batch_size));
  for (const study::Worded& w : study::worded)
    if (varies(trials, w.text)) parts.push_back(shown(w, config));
  for (const auto& [name, value] : config.knobs) {
    if (name != "lr") parts.push_back(fmt::format("{} {}", name, app::setting_text(value)));
  }
  return parts;
}

// Puts the items, separated by commas, in lines of at most `width` letters, unless an item is longer.
std::string wrapped(const std::vector<std::string>& parts, std::size_t width) {
  std::string out;
  std::size_t used = 0;
  for (const std::string& part : parts) {
    const bool fits = used + 2 + part.size() <= width;
    if (used > 0) out += fits ? ", " : "\n";
    used = part.size() + (used > 0 && fits ? used + 2 : 0);
    out += part;
  }
  return out;
}

std::string to_target(const study::RankingRow& row) {
  const int reached = row.epochs_to_target.n, all = static_cast<int>(row.trials.size());
  if (reached == 0) return "no";
  const double seconds = row.seconds_to_target.mean;
  const std::string time = seconds < 59.5 ? app::duration_text(seconds) : app::clock_text(seconds);
  const std::string some = reached < all ? fmt::format("\n{} of {}", reached, all) : "";
  return fmt::format("{:.1f} ep, {}{}", row.epochs_to_target.mean, time, some);
}

std::vector<std::string> cells_of(const study::RankingRow& row, const std::string& metric) {
  const auto text = [&](const study::Summaries& of) { return spread_text(metric, summary_of(of, metric)); };
  return {std::to_string(row.rank),
          row.optimizer,
          "",
          text(row.validation),
          text(row.test),
          to_target(row),
          fmt::format("{}/{}", row.diverged, row.finished + row.diverged + row.failed + row.pruned),
          app::bytes_text(row.state_bytes),
          std::isfinite(row.optimizer_ms) ? fmt::format("{:.3f}", row.optimizer_ms) : "n/a"};
}

// Returns the width that the other columns leave.
std::size_t room_for_configuration(const std::vector<Column>& columns,
                                   const std::vector<std::vector<std::string>>& rows) {
  std::size_t others = 2 * (columns.size() - 1);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (c == configuration_column) continue;
    std::size_t width = width_of(columns[c].header);
    for (const auto& row : rows) width = std::max(width, width_of(row[c].substr(0, row[c].find('\n'))));
    others += width;
  }
  return table_width - std::min(others, table_width - least_configuration);
}

}  // namespace

std::string shared_settings(const std::vector<study::StoredTrial>& trials) {
  std::string out;
  if (trials.empty()) return out;
  const study::Configuration& config = trials.front().trial.config;
  if (study::is_program(config)) return out;
  if (!varies(trials, &study::Configuration::batch_size)) out += fmt::format("batch {}", config.batch_size);
  for (const study::Worded& w : study::worded)
    if (!varies(trials, w.text) && (w.name == "init" || config.*w.text != usual(w)))
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", w.name, config.*w.text);
  return out;
}

std::string ranking_table(const std::vector<study::RankingRow>& ranking,
                          const std::vector<study::StoredTrial>& trials, const std::string& metric) {
  const std::string name = column_name(metric);
  const std::vector<Column> columns{{"#", Align::right},
                                    {"optimizer"},
                                    {"configuration"},
                                    {"val " + name, Align::right},
                                    {"test " + name, Align::right},
                                    {"to target", Align::right},
                                    {"div.", Align::right},
                                    {"state", Align::right},
                                    {"ms/step", Align::right}};
  std::vector<std::vector<std::string>> rows;
  for (const study::RankingRow& row : ranking) rows.push_back(cells_of(row, metric));
  const std::size_t room = room_for_configuration(columns, rows);
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i][configuration_column] = wrapped(configuration_items(ranking[i].config, trials), room);
  return text_table(columns, rows);
}

}  // namespace basin::cli
