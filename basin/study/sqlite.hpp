// RAII wrappers for SQLite: a database and a statement that close themselves and throw.
//
// Throws   Error, "study.db: database or disk is full", for every failure of SQLite
#pragma once
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "basin/study/while_locked.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace basin::study::sqlite {

class Statement;

// Not movable: SQLite and the statements hold its address.
class Database {
 public:
  // Opens the file for writing, or creates an empty one.
  explicit Database(std::string path, WhileLocked while_locked = ten_seconds);
  // Messages name `path`; what is opened is another file, or a URI for reading only: closing does not change
  // it.
  static Database elsewhere(std::string path, const std::string& file);
  static Database read_only(std::string path, const std::string& uri);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const std::string& path() const { return path_; }
  // Returns false if the file is not a readable SQLite file.
  bool is_database() const;
  void wait(WhileLocked while_locked) { while_locked_ = std::move(while_locked); }
  // Runs any number of statements without values or rows.
  void script(const char* sql) const;
  // Runs one statement with values for its question marks.
  template <class... Values>
  void run(std::string_view sql, const Values&... values) const;
  Statement prepare(std::string_view sql) const;
  int changes() const;                               // number of rows changed by the latest statement
  std::int64_t integer(std::string_view sql) const;  // the only value of a query or pragma
  [[noreturn]] void fail() const;                    // throws SQLite's message about the latest failure

 private:
  friend class Statement;
  Database(std::string path, const std::string& name, int flags, WhileLocked while_locked);
  static int on_lock(void* database, int times);

  std::string path_;
  WhileLocked while_locked_;
  std::chrono::steady_clock::time_point locked_since_;
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> handle_;
};

// A prepared statement. Columns and question marks count from 0 here.
class Statement {
 public:
  Statement(const Database& database, std::string_view sql);

  template <class... Values>
  Statement& bind(const Values&... values) {
    int i = 0;
    (bind_at(i++, values), ...);
    return *this;
  }
  // Binds one question mark.
  void bind_at(int i, std::int64_t value);
  void bind_at(int i, double value);  // stores NULL if it is not finite
  void bind_at(int i, std::string_view value);
  template <std::integral T>
  void bind_at(int i, T value) {
    bind_at(i, static_cast<std::int64_t>(value));
  }
  // Returns true if there is a row to read.
  bool step();
  // Binds values, runs to the end and is ready for other values.
  template <class... Values>
  void run(const Values&... values) {
    bind(values...).step();
    reset();
  }

  // Makes it ready for other values before its end.
  void rewind() { reset(); }

  std::int64_t integer(int column) const;
  double real(int column) const;  // NaN for NULL
  std::string text(int column) const;
  bool is_null(int column) const;

 private:
  void reset();
  void check(int status) const;

  const Database& database_;
  std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement_;
};

// All or nothing: the destructor rolls back what was not committed. Everything read within a transaction is
// from one moment.
class Transaction {
 public:
  enum class For { writing, reading };
  explicit Transaction(const Database& database, For what = For::writing) : database_(database) {
    database_.script(what == For::writing ? "BEGIN IMMEDIATE" : "BEGIN");
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  const Database& database_;
  bool open_ = true;
};

template <class... Values>
void Database::run(std::string_view sql, const Values&... values) const {
  prepare(sql).run(values...);
}

}  // namespace basin::study::sqlite
