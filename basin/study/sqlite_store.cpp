// The store in one SQLite file: Optuna's tables for other programs (optuna.hpp), and our own
// (sqlite_tables.hpp).
#include <filesystem>
#include <set>

#include "basin/core/error.hpp"
#include "basin/records/json.hpp"
#include "basin/study/optuna.hpp"
#include "basin/study/problem_info.hpp"
#include "basin/study/sqlite.hpp"
#include "basin/study/sqlite_reader.hpp"
#include "basin/study/sqlite_tables.hpp"
#include "basin/study/store.hpp"
#include "basin/study/writer_lock.hpp"

namespace basin::study {
namespace {

// What a committed transaction survives; surviving a power loss costs one more fsync.
enum class Survives { kill, power_loss };

// A result that took less time is not worth an fsync: after a power loss its trial runs again.
constexpr double cheap_to_repeat = 1;  // seconds

class SqliteStore : public Store {
 public:
  SqliteStore(const std::string& path, WhileLocked while_locked) : database_(path, std::move(while_locked)) {
    tables::check_format(database_);
    writer_.emplace(path);
    database_.script("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL");
    if (tables::are_missing(database_)) tables::make(database_);
    tables::add_changes(database_);
    if (const auto made = study()) know(*made);
  }
  ~SqliteStore() override { leave_whole(); }

  void create(const Study& study) override;
  std::optional<Study> study() const override;
  std::vector<StoredTrial> trials() const override;
  void add(const std::vector<Trial>& trials) override;
  void start(int number) override;
  void record(int number, const Epoch& epoch) override;
  void finish(int number, const Result& result) override;
  void record_test(int number, const TestResult& test) override;
  int reclaim() override { return back_to_waiting(State::running, /*with_curve=*/false); }
  int retry_failed() override { return back_to_waiting(State::failed, /*with_curve=*/true); }

 private:
  void know(const Study& study);
  void insert(const std::vector<Trial>& trials);
  void add_columns_for(const Epoch& epoch);
  void leave_whole();
  sqlite::Transaction begin(Survives what);
  void move(int number, State from, const Result& to);
  void require(int number, State wanted) const;
  int back_to_waiting(State from, bool with_curve);

  std::optional<WriterLock> writer_;  // released after the database is closed
  sqlite::Database database_;
  std::optional<Study> study_;  // as it was created
  Metric metric_;
  std::set<std::string> metrics_;             // that have columns
  Survives survives_ = Survives::power_loss;  // the current synchronous setting
};

// Adds the columns that the curves of this study need; an older basin may have created the tables.
void SqliteStore::know(const Study& study) {
  study_ = study;
  metric_ = metric_of(study);
  const Names names = metrics_of(study);
  tables::add_columns(database_, names);
  metrics_ = {names.begin(), names.end()};
}

// A worker may report more than its problem names.
void SqliteStore::add_columns_for(const Epoch& epoch) {
  Names names;
  for (const Score* score : {&epoch.train, &epoch.validation})
    for (const auto& [name, value] : *score)
      if (metrics_.insert(name).second) names.push_back(name);
  if (!names.empty()) tables::add_columns(database_, names);
}

// Leaves everything in one file without a log, so that it can be copied, and read where nothing can be
// written. A reader that holds the log keeps it; nothing is lost then.
void SqliteStore::leave_whole() {
  database_.wait([](std::chrono::milliseconds waited) { return waited < std::chrono::milliseconds(200); });
  try {
    database_.script("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
  } catch (const Error&) {
  }
}

sqlite::Transaction SqliteStore::begin(Survives what) {
  if (what != survives_) {
    database_.script(what == Survives::power_loss ? "PRAGMA synchronous = FULL"
                                                  : "PRAGMA synchronous = NORMAL");
  }
  survives_ = what;
  return sqlite::Transaction(database_);
}

void SqliteStore::create(const Study& study) {
  if (this->study()) throw Error(database_.path() + " already holds a study");
  sqlite::Transaction transaction = begin(Survives::power_loss);
  database_.run(
      "INSERT INTO basin_study (id, name, settings, design, command, created, environment, problem) "
      "VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
      study.name, Json(study.settings).dump(), study.design, study.command, study.created, study.environment,
      study.problem);
  if (study.search) database_.run("UPDATE basin_study SET search = ?", Json(*study.search).dump());
  optuna::create(database_, study);
  know(study);
  insert(study.trials);
  transaction.commit();
}

void SqliteStore::add(const std::vector<Trial>& trials) {
  if (trials.empty()) return;
  sqlite::Transaction transaction = begin(Survives::kill);  // what is lost is chosen again
  if (trials.front().number != database_.integer("SELECT count(*) FROM basin_trials"))
    throw Error(database_.path() + ": trial " + std::to_string(trials.front().number) +
                " does not come next");
  insert(trials);
  transaction.commit();
}

// Inside the caller's transaction.
void SqliteStore::insert(const std::vector<Trial>& trials) {
  auto row = database_.prepare(
      "INSERT INTO basin_trials (number, state, trial, result) VALUES (?, 'waiting', ?, ?)");
  for (const Trial& trial : trials) {
    row.run(trial.number, Json(trial).dump(), Json(Result{}).dump());
    tables::write_change(database_, What::added, trial.number);
  }
  optuna::add(database_, *study_, trials);
}

std::optional<Study> SqliteStore::study() const {
  const sqlite::Transaction one_moment(database_, sqlite::Transaction::For::reading);
  return tables::read_study(database_);
}

std::vector<StoredTrial> SqliteStore::trials() const {
  const sqlite::Transaction one_moment(database_, sqlite::Transaction::For::reading);
  return tables::read_trials(database_);
}

void SqliteStore::start(int number) {
  sqlite::Transaction transaction = begin(Survives::kill);
  move(number, State::waiting, {.state = State::running});
  database_.run("DELETE FROM basin_curves WHERE number = ?", number);
  optuna::start(database_, number);
  tables::write_change(database_, What::started, number);
  transaction.commit();
}

void SqliteStore::record(int number, const Epoch& epoch) {
  sqlite::Transaction transaction = begin(Survives::kill);
  require(number, State::running);
  add_columns_for(epoch);
  tables::write_epoch(database_, number, epoch);
  optuna::record(database_, number, epoch.epoch, value_of(epoch.validation, metric_.name));
  tables::write_change(database_, What::epoch, number, epoch.epoch);
  transaction.commit();
}

void SqliteStore::finish(int number, const Result& result) {
  const bool costly = result.seconds >= cheap_to_repeat;
  sqlite::Transaction transaction = begin(costly ? Survives::power_loss : Survives::kill);
  move(number, State::running, result);
  optuna::finish(database_, number, result, value_of(result.validation, metric_.name));
  tables::write_change(database_, What::ended, number);
  transaction.commit();
}

void SqliteStore::record_test(int number, const TestResult& test) {
  sqlite::Transaction transaction = begin(Survives::power_loss);
  require(number, State::complete);
  database_.run("UPDATE basin_trials SET test = ? WHERE number = ?", Json(test).dump(), number);
  optuna::record_test(database_, number, test);
  tables::write_change(database_, What::tested, number);
  transaction.commit();
}

void SqliteStore::move(int number, State from, const Result& to) {
  require(number, from);
  // A worker's reason may contain any bytes.
  const std::string result = Json(to).dump(-1, ' ', false, Json::error_handler_t::replace);
  database_.run("UPDATE basin_trials SET state = ?, result = ? WHERE number = ?", name_of(to.state), result,
                number);
}

void SqliteStore::require(int number, State wanted) const {
  auto row = database_.prepare("SELECT state FROM basin_trials WHERE number = ?");
  const std::string trial = database_.path() + ": trial " + std::to_string(number);
  if (!row.bind(number).step()) throw Error(trial + " does not exist");
  if (row.text(0) != name_of(wanted)) throw Error(trial + " is " + row.text(0) + ", not " + name_of(wanted));
}

int SqliteStore::back_to_waiting(State from, bool with_curve) {
  sqlite::Transaction transaction = begin(Survives::power_loss);
  std::vector<int> numbers;
  auto row = database_.prepare("SELECT number FROM basin_trials WHERE state = ? ORDER BY number");
  row.bind(name_of(from));
  while (row.step()) numbers.push_back(static_cast<int>(row.integer(0)));
  for (const int number : numbers) {
    move(number, from, {});
    if (with_curve) database_.run("DELETE FROM basin_curves WHERE number = ?", number);
    optuna::reset(database_, number);
    tables::write_change(database_, What::waiting, number);
  }
  transaction.commit();
  return static_cast<int>(numbers.size());
}

void check_is_no_folder(const std::string& path) {
  if (std::filesystem::is_directory(path)) throw InputError(path + " is a folder; a study's store is a file");
}

}  // namespace

Problem problem_of(const Study& study) {
  const Json problem = Json::parse(study.problem, nullptr, /*allow_exceptions=*/false);
  return problem.is_object() && problem.contains("name") ? problem.get<Problem>() : Problem{};
}

Metric metric_of(const Study& study) { return ranking_metric(problem_of(study)); }
Names metrics_of(const Study& study) { return basin::metrics_of(problem_of(study)); }

std::unique_ptr<Store> open_sqlite(const std::string& path, WhileLocked while_locked) {
  check_is_no_folder(path);
  return std::make_unique<SqliteStore>(path, std::move(while_locked));
}

std::vector<Change> read_changes(const std::string& path, std::int64_t since) {
  check_is_no_folder(path);
  std::vector<Change> out;
  sqlite::read_unchanged(path, [&](const sqlite::Database& database) {
    tables::check_format(database);
    out = tables::are_missing(database) ? std::vector<Change>() : tables::read_changes(database, since);
  });
  return out;
}

std::optional<Snapshot> read_sqlite(const std::string& path) {
  check_is_no_folder(path);
  std::optional<Snapshot> snapshot;
  sqlite::read_unchanged(path, [&](const sqlite::Database& database) {
    snapshot.reset();
    tables::check_format(database);
    if (tables::are_missing(database)) return;
    if (auto study = tables::read_study(database))
      snapshot = Snapshot{std::move(*study), tables::read_trials(database)};
  });
  return snapshot;
}

}  // namespace basin::study
