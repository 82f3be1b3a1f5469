// web/src/records.ts: the types of the records in a study document.
#pragma once
#include <string>

namespace basin::report {

// Returns the whole file. tests/report/page_types_test.cpp checks the one in the tree, and writes it.
std::string page_types();

}  // namespace basin::report
