// What a problem must be like, whoever makes it.
#pragma once
#include <string>

#include "basin/core/error.hpp"
#include "basin/problems/problem.hpp"

namespace basin {

// A value that no problem can have.
struct WrongValue : InputError {
  WrongValue(std::string where, const std::string& message) : InputError(message), key(std::move(where)) {}
  std::string key;  // that has it in the file of a problem: "epochs", "data.window"
};

// Throws WrongValue for a value outside its range, for an unknown loss or metric, and for one that judges
// other targets than the data has; InputError for a problem without data or network
// that is no program.
void check(const Problem& problem);

}  // namespace basin
