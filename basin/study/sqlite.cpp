#include "basin/study/sqlite.hpp"

#include <sqlite3.h>

#include <cmath>
#include <limits>
#include <thread>

#include "basin/core/error.hpp"

namespace basin::study::sqlite {

namespace {

constexpr std::chrono::milliseconds between_tries{10};

}  // namespace

Database::Database(std::string path, const std::string& name, int flags, WhileLocked while_locked)
    : path_(std::move(path)), while_locked_(std::move(while_locked)), handle_(nullptr, sqlite3_close) {
  sqlite3* handle = nullptr;
  const int status = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (status != SQLITE_OK) fail();
  if ((flags & SQLITE_OPEN_READONLY) != 0)
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_busy_handler(handle, on_lock, this);
}

Database::Database(std::string path, WhileLocked while_locked)
    : Database(path, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, std::move(while_locked)) {}

Database Database::elsewhere(std::string path, const std::string& file) {
  return {std::move(path), file, SQLITE_OPEN_READWRITE, ten_seconds};
}

Database Database::read_only(std::string path, const std::string& uri) {
  return {std::move(path), uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, ten_seconds};
}

int Database::on_lock(void* database, int times) {
  auto& self = *static_cast<Database*>(database);
  const auto now = std::chrono::steady_clock::now();
  if (times == 0) self.locked_since_ = now;
  const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(now - self.locked_since_);
  if (!self.while_locked_(waited)) return 0;
  std::this_thread::sleep_for(between_tries);
  return 1;
}

bool Database::is_database() const {
  return sqlite3_exec(handle_.get(), "PRAGMA schema_version", nullptr, nullptr, nullptr) != SQLITE_NOTADB;
}

void Database::script(const char* sql) const {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

Statement Database::prepare(std::string_view sql) const { return {*this, sql}; }
int Database::changes() const { return sqlite3_changes(handle_.get()); }

std::int64_t Database::integer(std::string_view sql) const {
  Statement query(*this, sql);
  query.step();
  return query.integer(0);
}

void Database::fail() const { throw Error(path_ + ": " + sqlite3_errmsg(handle_.get())); }

Statement::Statement(const Database& database, std::string_view sql)
    : database_(database), statement_(nullptr, sqlite3_finalize) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(database.handle_.get(), sql.data(), static_cast<int>(sql.size()), &statement,
                           nullptr));
  statement_.reset(statement);
}

bool Statement::step() {
  const int status = sqlite3_step(statement_.get());
  if (status != SQLITE_ROW && status != SQLITE_DONE) database_.fail();
  return status == SQLITE_ROW;
}

void Statement::reset() { check(sqlite3_reset(statement_.get())); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
double Statement::real(int column) const {
  return is_null(column) ? std::numeric_limits<double>::quiet_NaN()
                         : sqlite3_column_double(statement_.get(), column);
}
std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)))
               : "";
}

void Statement::bind_at(int i, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), i + 1, value));
}
void Statement::bind_at(int i, double value) {
  check(std::isfinite(value) ? sqlite3_bind_double(statement_.get(), i + 1, value)
                             : sqlite3_bind_null(statement_.get(), i + 1));
}
void Statement::bind_at(int i, std::string_view value) {
  check(sqlite3_bind_text(statement_.get(), i + 1, value.data(), static_cast<int>(value.size()),
                          SQLITE_TRANSIENT));
}

void Statement::check(int status) const {
  if (status != SQLITE_OK) database_.fail();
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.script("ROLLBACK");
  } catch (const Error&) {
    // SQLite has already rolled back, as it does when the disk is full
  }
}

void Transaction::commit() {
  database_.script("COMMIT");
  open_ = false;
}

}  // namespace basin::study::sqlite
