// The store in one SQLite file: Optuna's tables for other programs (optuna.hpp), and these for our own.
//
//   basin_study    one row: what the study is
//   basin_trials   one row a trial; trial, result and test as JSON, state also as a column
//   basin_curves   one row a trial and epoch
#include <filesystem>
#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "basin/study/optuna.hpp"
#include "basin/study/problem_info.hpp"
#include "basin/study/sqlite.hpp"
#include "basin/study/store.hpp"
#include "basin/study/writer_lock.hpp"

namespace basin::study {
namespace {

constexpr int application_id = 0x6261736e;  // "basn" in the file's header: how a store is known
constexpr int format_version = 1;

constexpr const char* schema = R"sql(
CREATE TABLE basin_study (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, settings TEXT NOT NULL,
  design TEXT NOT NULL, command TEXT NOT NULL, created TEXT NOT NULL, environment TEXT NOT NULL,
  problem TEXT NOT NULL);
CREATE TABLE basin_trials (number INTEGER PRIMARY KEY, state TEXT NOT NULL, trial TEXT NOT NULL,
  result TEXT NOT NULL, test TEXT);
CREATE TABLE basin_curves (number INTEGER NOT NULL REFERENCES basin_trials, epoch INTEGER NOT NULL, seconds REAL,
  lr REAL, train_loss REAL, train_accuracy REAL, validation_loss REAL, validation_accuracy REAL,
  PRIMARY KEY (number, epoch)) WITHOUT ROWID;
)sql";

double metric_value(Metric metric, double loss, double accuracy) {
  return metric == Metric::accuracy ? accuracy : loss;
}

// What a transaction that was committed survives; a power loss costs one fsync more.
enum class Survives { kill, power_loss };

class SqliteStore : public Store {
 public:
  explicit SqliteStore(const std::string& path) : database_(path) {
    check_format();
    database_.script("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL");
    if (is_empty()) make_tables();
    if (const auto made = study()) metric_ = metric_of(*made);
  }

  void create(const Study& study) override;
  std::optional<Study> study() const override;
  std::vector<StoredTrial> trials() const override;
  void start(int number) override;
  void record(int number, const Epoch& epoch) override;
  void finish(int number, const Result& result) override;
  void record_test(int number, const TestResult& test) override;
  int reclaim() override { return back_to_waiting(State::running, /*with_curve=*/false); }
  int retry_failed() override { return back_to_waiting(State::failed, /*with_curve=*/true); }

 private:
  bool is_empty() const { return database_.integer("SELECT count(*) FROM sqlite_master") == 0; }
  void check_format() const;
  void make_tables();
  // Takes the role of the writer, if it is not ours yet.
  sqlite::Transaction begin(Survives what);
  void move(int number, State from, const Result& to);
  void require(int number, State wanted) const;
  int back_to_waiting(State from, bool with_curve);
  void read_curves(std::vector<StoredTrial>& trials) const;
  template <class T>
  T from_text(const std::string& text) const;

  sqlite::Database database_;
  Metric metric_ = Metric::accuracy;
  Survives survives_ = Survives::power_loss;  // the synchronous setting in force
  std::optional<WriterLock> writer_;
};

template <class T>
T SqliteStore::from_text(const std::string& text) const {
  try {
    return Json::parse(text, nullptr, /*allow_exceptions=*/false).get<T>();
  } catch (const InputError& e) {
    throw InputError(database_.path() + ": " + e.what());
  }
}

void SqliteStore::check_format() const {
  const std::string& path = database_.path();
  if (!database_.is_database())
    throw InputError(path + " is no SQLite file; a study's store is wanted there");
  if (is_empty()) return;
  if (database_.integer("PRAGMA application_id") != application_id)
    throw InputError(path + " is a data base of another program; a study's store is wanted there");
  const auto version = database_.integer("PRAGMA user_version");
  if (version > format_version) {
    throw InputError(path + " has format " + std::to_string(version) + "; this basin reads up to " +
                     std::to_string(format_version));
  }
}

void SqliteStore::make_tables() {
  sqlite::Transaction transaction(database_);
  database_.script(optuna::schema);
  database_.script(schema);
  database_.run("PRAGMA application_id = " + std::to_string(application_id));
  database_.run("PRAGMA user_version = " + std::to_string(format_version));
  transaction.commit();
}

sqlite::Transaction SqliteStore::begin(Survives what) {
  if (!writer_) writer_.emplace(database_.path());
  if (what != survives_) {
    database_.script(what == Survives::power_loss ? "PRAGMA synchronous = FULL"
                                                  : "PRAGMA synchronous = NORMAL");
  }
  survives_ = what;
  return sqlite::Transaction(database_);
}

void SqliteStore::create(const Study& study) {
  if (this->study()) throw Error(database_.path() + " holds a study already");
  sqlite::Transaction transaction = begin(Survives::power_loss);
  database_.run("INSERT INTO basin_study VALUES (1, ?, ?, ?, ?, ?, ?, ?)", study.name,
                Json(study.settings).dump(), study.design, study.command, study.created, study.environment,
                study.problem);
  auto insert = database_.prepare(
      "INSERT INTO basin_trials (number, state, trial, result) VALUES (?, 'waiting', ?, ?)");
  for (const Trial& trial : study.trials) insert.run(trial.number, Json(trial).dump(), Json(Result{}).dump());
  optuna::create(database_, study);
  transaction.commit();
  metric_ = metric_of(study);
}

std::optional<Study> SqliteStore::study() const {
  auto row = database_.prepare(
      "SELECT name, settings, design, command, created, environment, problem FROM basin_study");
  if (!row.step()) return std::nullopt;
  Study study{
      row.text(0), from_text<Settings>(row.text(1)), {}, row.text(2), row.text(3), row.text(4), row.text(5),
      row.text(6)};
  auto trials = database_.prepare("SELECT trial FROM basin_trials ORDER BY number");
  while (trials.step()) study.trials.push_back(from_text<Trial>(trials.text(0)));
  return study;
}

std::vector<StoredTrial> SqliteStore::trials() const {
  std::vector<StoredTrial> trials;
  // The times are Optuna's columns, in local time and days since -4713.
  auto row = database_.prepare(
      "SELECT trial, result, test, 86400 * (julianday(datetime_start, 'utc') - 2440587.5), "
      "86400 * (julianday(datetime_complete, 'utc') - 2440587.5) "
      "FROM basin_trials LEFT JOIN trials USING (number) ORDER BY number");
  while (row.step()) {
    StoredTrial trial{
        from_text<Trial>(row.text(0)), from_text<Result>(row.text(1)), {}, {}, row.real(3), row.real(4)};
    if (!row.is_null(2)) trial.test = from_text<TestResult>(row.text(2));
    trials.push_back(std::move(trial));
  }
  read_curves(trials);
  return trials;
}

void SqliteStore::read_curves(std::vector<StoredTrial>& trials) const {
  auto point = database_.prepare(
      "SELECT number, epoch, seconds, lr, train_loss, train_accuracy, validation_loss, validation_accuracy "
      "FROM basin_curves ORDER BY number, epoch");
  auto trial = trials.begin();
  while (point.step()) {
    while (trial->trial.number != point.integer(0))
      ++trial;  // both are in order, and every point has its trial
    trial->curve.push_back({static_cast<int>(point.integer(1)), point.real(2), point.real(3), point.real(4),
                            point.real(5), point.real(6), point.real(7)});
  }
}

void SqliteStore::start(int number) {
  sqlite::Transaction transaction = begin(Survives::power_loss);
  move(number, State::waiting, {.state = State::running});
  database_.run("DELETE FROM basin_curves WHERE number = ?", number);
  optuna::start(database_, number);
  transaction.commit();
}

void SqliteStore::record(int number, const Epoch& epoch) {
  sqlite::Transaction transaction = begin(Survives::kill);
  require(number, State::running);
  database_.run("INSERT INTO basin_curves VALUES (?, ?, ?, ?, ?, ?, ?, ?)", number, epoch.epoch,
                epoch.seconds, epoch.lr, epoch.train_loss, epoch.train_accuracy, epoch.validation_loss,
                epoch.validation_accuracy);
  optuna::record(database_, number, epoch.epoch,
                 metric_value(metric_, epoch.validation_loss, epoch.validation_accuracy));
  transaction.commit();
}

void SqliteStore::finish(int number, const Result& result) {
  sqlite::Transaction transaction = begin(Survives::power_loss);
  move(number, State::running, result);
  optuna::finish(database_, number, result,
                 metric_value(metric_, result.validation_loss, result.validation_accuracy));
  transaction.commit();
}

void SqliteStore::record_test(int number, const TestResult& test) {
  sqlite::Transaction transaction = begin(Survives::power_loss);
  require(number, State::complete);
  database_.run("UPDATE basin_trials SET test = ? WHERE number = ?", Json(test).dump(), number);
  optuna::record_test(database_, number, test);
  transaction.commit();
}

void SqliteStore::move(int number, State from, const Result& to) {
  require(number, from);
  // A worker's reason may hold any bytes.
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
  }
  transaction.commit();
  return static_cast<int>(numbers.size());
}

}  // namespace

Metric metric_of(const Study& study) {
  const Json problem = Json::parse(study.problem, nullptr, /*allow_exceptions=*/false);
  const bool loss =
      problem.is_object() && problem.contains("metric") && problem["metric"] == name_of(Metric::loss);
  return loss ? Metric::loss : Metric::accuracy;
}

std::unique_ptr<Store> open_sqlite(const std::string& path) {
  if (std::filesystem::is_directory(path)) throw InputError(path + " is a folder; a study's store is a file");
  return std::make_unique<SqliteStore>(path);
}

}  // namespace basin::study
