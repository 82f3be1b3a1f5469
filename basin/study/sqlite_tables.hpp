// basin's own tables in a store, beside Optuna's (optuna.hpp), and how they are read.
//
//   basin_study    one row: the study
//   basin_trials   one row a trial; trial, result and test as JSON, state also as a column
//   basin_curves   one row a trial and epoch; a column for each field of Epoch, and for each metric
//   basin_changes  one row an event, in their order
#pragma once
#include <optional>
#include <vector>

#include "basin/study/changes.hpp"
#include "basin/study/sqlite.hpp"
#include "basin/study/store.hpp"

namespace basin::study::tables {

bool are_missing(const sqlite::Database& database);
// Creates all tables, including Optuna's, and marks the file as a store.
void make(const sqlite::Database& database);

// Adds the columns that are missing: a pair for each of these metrics, and those that an older store lacks.
void add_columns(const sqlite::Database& database, const Names& metrics);
// Adds the table of events if an older basin made the store.
void add_changes(const sqlite::Database& database);
void write_change(const sqlite::Database& database, What what, int number, int epoch = 0);
std::vector<Change> read_changes(const sqlite::Database& database, std::int64_t since);

void write_epoch(const sqlite::Database& database, int number, const Epoch& epoch);

// All of these throw InputError, which names the file, if it is not a store or is a newer one:
void check_format(const sqlite::Database& database);
// if its rows do not belong together, or cannot be read:
std::optional<Study> read_study(const sqlite::Database& database);
std::vector<StoredTrial> read_trials(const sqlite::Database& database);

}  // namespace basin::study::tables
