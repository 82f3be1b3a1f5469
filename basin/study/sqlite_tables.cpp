#include "basin/study/sqlite_tables.hpp"

#include <algorithm>

#include "basin/core/error.hpp"
#include "basin/records/json.hpp"
#include "basin/study/optuna.hpp"

namespace basin::study::tables {
namespace {

using sqlite::Database;

constexpr int application_id = 0x6261736e;  // "basn" in the file's header identifies a store
constexpr int format_version = 2;           // 1 had no search

constexpr const char* schema = R"sql(
CREATE TABLE basin_study (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, settings TEXT NOT NULL,
  design TEXT NOT NULL, command TEXT NOT NULL, created TEXT NOT NULL, environment TEXT NOT NULL,
  problem TEXT NOT NULL, search TEXT);
CREATE TABLE basin_trials (number INTEGER PRIMARY KEY, state TEXT NOT NULL, trial TEXT NOT NULL,
  result TEXT NOT NULL, test TEXT);
)sql";

constexpr const char* changes_schema =
    "CREATE TABLE IF NOT EXISTS basin_changes (id INTEGER PRIMARY KEY, what TEXT NOT NULL, number INTEGER "
    "NOT "
    "NULL, epoch INTEGER NOT NULL)";

// A column of basin_curves.
struct Column {
  std::string name;
  std::string type;
};

std::string quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

// The columns of an epoch as it is: its fields, and its metrics.
std::vector<Column> columns_of(const Epoch& epoch) {
  std::vector<Column> out;
  for_each_leaf(epoch, [&](const Leaf& leaf, auto, const auto& value) {
    const bool whole = std::is_integral_v<std::remove_cvref_t<decltype(value)>>;
    out.push_back({leaf.name, leaf.name == "epoch" ? "INTEGER NOT NULL" : whole ? "INTEGER" : "REAL"});
  });
  return out;
}

std::vector<Column> columns_with(const Names& metrics) {
  Epoch epoch;
  for (const std::string& metric : metrics) epoch.train[metric] = epoch.validation[metric] = not_known;
  return columns_of(epoch);
}

std::string curve_schema() {
  std::string columns;
  for (const Column& column : columns_of({})) columns += ", " + quoted(column.name) + " " + column.type;
  return "CREATE TABLE basin_curves (number INTEGER NOT NULL REFERENCES basin_trials" + columns +
         ", PRIMARY KEY (number, epoch)) WITHOUT ROWID";
}

std::vector<std::string> columns_there(const Database& database, const char* table = "basin_curves") {
  std::vector<std::string> out;
  auto column = database.prepare("SELECT name FROM pragma_table_info(?)");
  column.bind(table);
  while (column.step()) out.push_back(column.text(0));
  return out;
}

// Reads a row by the names of its columns: any basin's.
class EpochReader {
 public:
  explicit EpochReader(std::vector<std::string> columns) : columns_(std::move(columns)) {}

  Epoch operator()(const sqlite::Statement& row) const {
    Epoch epoch;
    for_each_leaf(epoch, [&](const Leaf& leaf, auto, auto& value) {
      const auto at = static_cast<int>(std::ranges::find(columns_, leaf.name) - columns_.begin());
      if (at == static_cast<int>(columns_.size())) return;
      if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(value)>>)
        value = static_cast<std::remove_cvref_t<decltype(value)>>(row.integer(at));
      else
        value = row.real(at);
    });
    for_each_member(epoch, [&](auto field, auto& value) {
      if constexpr (field.is(trait::flat)) read(row, std::string(field.name) + "_", value);
    });
    return epoch;
  }

 private:
  void read(const sqlite::Statement& row, const std::string& prefix, Score& score) const {
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i].starts_with(prefix))
        score[columns_[i].substr(prefix.size())] = row.real(static_cast<int>(i));
  }
  std::vector<std::string> columns_;
};

template <class T>
T from_text(const Database& database, const std::string& text) {
  try {
    return Json::parse(text, nullptr, /*allow_exceptions=*/false).get<T>();
  } catch (const InputError& e) {
    throw InputError(database.path() + ": " + e.what());
  }
}

// Numbers count from 0 without a gap: the position identifies a trial.
void check_number(const Database& database, const Trial& trial, std::int64_t row, std::size_t place) {
  const std::string at = database.path() + ": trial ";
  if (row != static_cast<std::int64_t>(place)) throw InputError(at + std::to_string(place) + " is missing");
  if (trial.number != row)
    throw InputError(at + std::to_string(row) + " says that it is trial " + std::to_string(trial.number));
}

// A query's column: seconds since 1970. Older files have only Optuna's column, in the local time of the
// writer, which is assumed to be that of the reader.
std::string seconds_of(const std::string& key, const std::string& local) {
  return "86400 * (coalesce((SELECT julianday(trim(value_json, '\"')) FROM trial_user_attributes AS a "
         "WHERE a.trial_id = trials.trial_id AND a.\"key\" = '" +
         key + "'), julianday(" + local + ", 'utc')) - 2440587.5)";
}

void read_curves(const Database& database, std::vector<StoredTrial>& trials) {
  const std::vector<std::string> columns = columns_there(database);
  const EpochReader read_epoch(columns);
  std::string names;
  for (const std::string& column : columns) names += (names.empty() ? "" : ", ") + quoted(column);
  auto point = database.prepare("SELECT " + names + " FROM basin_curves ORDER BY number, epoch");
  while (point.step()) {
    const std::int64_t number = point.integer(0);  // the first column
    if (number < 0 || number >= static_cast<std::int64_t>(trials.size())) {
      throw InputError(database.path() + ": it has a curve for trial " + std::to_string(number) +
                       ", but no such trial");
    }
    trials[static_cast<std::size_t>(number)].curve.push_back(read_epoch(point));
  }
}

}  // namespace

bool are_missing(const Database& database) {
  return database.integer("SELECT count(*) FROM sqlite_master") == 0;
}

void make(const Database& database) {
  sqlite::Transaction transaction(database);
  database.script(optuna::schema);
  database.script(schema);
  database.script(curve_schema().c_str());
  database.script(changes_schema);
  database.run("PRAGMA application_id = " + std::to_string(application_id));
  database.run("PRAGMA user_version = " + std::to_string(format_version));
  transaction.commit();
}

void add_columns(const Database& database, const Names& metrics) {
  const std::vector<std::string> there = columns_there(database);
  for (const Column& column : columns_with(metrics))
    if (std::ranges::find(there, column.name) == there.end())
      database.run("ALTER TABLE basin_curves ADD COLUMN " + quoted(column.name) + " " + column.type);
}

void add_changes(const Database& database) { database.script(changes_schema); }

void write_change(const Database& database, What what, int number, int epoch) {
  database.run("INSERT INTO basin_changes (what, number, epoch) VALUES (?, ?, ?)",
               names_of(what)[static_cast<std::size_t>(what)], number, epoch);
}

std::vector<Change> read_changes(const Database& database, std::int64_t since) {
  std::vector<Change> out;
  if (columns_there(database, "basin_changes").empty()) return out;
  const EpochReader read_epoch(columns_there(database));
  auto point = database.prepare("SELECT * FROM basin_curves WHERE number = ? AND epoch = ?");
  auto row = database.prepare(
      "SELECT id, what, number, epoch, trial, result, test FROM basin_changes JOIN basin_trials USING "
      "(number) "
      "WHERE id > ? ORDER BY id");
  row.bind(since);
  while (row.step()) {
    Change change{.id = row.integer(0), .number = static_cast<int>(row.integer(2))};
    const auto names = names_of(What{});
    const auto what =
        std::ranges::find(names, row.text(1), [](const char* name) { return std::string(name); });
    if (what == names.end()) continue;  // of a newer basin
    change.what = static_cast<What>(what - names.begin());
    if (change.what == What::added) change.trial = from_text<Trial>(database, row.text(4));
    if (change.what == What::ended) change.result = from_text<Result>(database, row.text(5));
    if (change.what == What::tested && !row.is_null(6))
      change.test = from_text<TestResult>(database, row.text(6));
    if (change.what == What::epoch && point.bind(change.number, row.integer(3)).step())
      change.epoch = read_epoch(point);
    point.rewind();
    out.push_back(std::move(change));
  }
  return out;
}

void write_epoch(const Database& database, int number, const Epoch& epoch) {
  std::string names = "number", marks = "?";
  for (const Column& column : columns_of(epoch)) names += ", " + quoted(column.name), marks += ", ?";
  auto insert = database.prepare("INSERT INTO basin_curves (" + names + ") VALUES (" + marks + ")");
  int at = 0;
  insert.bind_at(at++, number);
  for_each_leaf(epoch, [&](const Leaf&, auto, const auto& value) { insert.bind_at(at++, value); });
  insert.step();
}

void check_format(const Database& database) {
  const std::string& path = database.path();
  if (!database.is_database())
    throw InputError(path + " is not a SQLite file; it must be the store of a study");
  if (are_missing(database)) return;
  if (database.integer("PRAGMA application_id") != application_id)
    throw InputError(path + " is a database of another program; it must be the store of a study");
  const auto version = database.integer("PRAGMA user_version");
  if (version > format_version) {
    throw InputError(path + " has format " + std::to_string(version) + "; this basin reads up to " +
                     std::to_string(format_version));
  }
}

std::optional<Study> read_study(const Database& database) {
  const bool has_search = std::ranges::count(columns_there(database, "basin_study"), "search") > 0;
  auto row = database.prepare(
      std::string("SELECT name, settings, design, command, created, environment, problem, ") +
      (has_search ? "search" : "NULL") + " FROM basin_study");
  if (!row.step()) return std::nullopt;
  Study study{row.text(0), from_text<Settings>(database, row.text(1)),
              {},          row.text(2),
              row.text(3), row.text(4),
              row.text(5), row.text(6),
              {}};
  if (!row.is_null(7)) study.search = from_text<Search>(database, row.text(7));
  auto trials = database.prepare("SELECT trial, number FROM basin_trials ORDER BY number");
  while (trials.step()) {
    study.trials.push_back(from_text<Trial>(database, trials.text(0)));
    check_number(database, study.trials.back(), trials.integer(1), study.trials.size() - 1);
  }
  return study;
}

std::vector<StoredTrial> read_trials(const Database& database) {
  std::vector<StoredTrial> trials;
  // Other studies may be in the same file.
  auto row = database.prepare(
      "SELECT trial, result, test, " + seconds_of(optuna::started, "datetime_start") + ", " +
      seconds_of(optuna::ended, "datetime_complete") +
      ", basin_trials.number "
      "FROM basin_trials LEFT JOIN trials ON study_id = ? AND trial_id = basin_trials.number + 1 "
      "ORDER BY basin_trials.number");
  row.bind(optuna::study_id);
  while (row.step()) {
    StoredTrial trial{from_text<Trial>(database, row.text(0)),
                      from_text<Result>(database, row.text(1)),
                      {},
                      {},
                      row.real(3),
                      row.real(4)};
    check_number(database, trial.trial, row.integer(5), trials.size());
    if (!row.is_null(2)) trial.test = from_text<TestResult>(database, row.text(2));
    trials.push_back(std::move(trial));
  }
  read_curves(database, trials);
  return trials;
}

}  // namespace basin::study::tables
