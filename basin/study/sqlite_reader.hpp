// Reads a SQLite file without a trace: neither the file nor its folder is changed, and both may be read-only.
#pragma once
#include <functional>
#include <string>

#include "basin/study/sqlite.hpp"

namespace basin::study::sqlite {

// Calls `read` with the database within a transaction, so that everything it reads is from one moment. Calls
// it again, with a later state of the database, if a writer intervened.
//
// Requires that this process has not opened the file otherwise: SQLite's locks belong to a process, and end
// with the first descriptor that is closed
// Throws   what `read` throws; Error if the file cannot be read
// Cost     nothing besides the queries, except for a file whose log or journal SQLite could read only by
//          writing beside it: that one is first copied to the folder of temporary files
void read_unchanged(const std::string& path, const std::function<void(const Database&)>& read);

}  // namespace basin::study::sqlite
