// Reads a SQLite file and leaves no trace: neither the file nor its folder is changed, and both may be read-only.
#pragma once
#include <functional>
#include <string>

#include "basin/study/sqlite.hpp"

namespace basin::study::sqlite {

// Calls `read` with the database within a transaction, so that all it reads is of one moment. It calls it again, with the
// database of a later moment, when a writer came in between.
//
// Requires that this process has not opened the file otherwise: locks of SQLite are of a process, and end with the first
//          descriptor that is closed
// Throws   what `read` throws; Error where the file cannot be read
// Cost     nothing beside the queries, except for a file whose log or journal SQLite could only read by writing beside
//          it: that one is copied to the folder of temporary files first
void read_unchanged(const std::string& path, const std::function<void(const Database&)>& read);

}  // namespace basin::study::sqlite
