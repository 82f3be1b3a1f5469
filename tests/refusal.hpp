// What a call that is refused says.
#pragma once
#include <string>

#include "basin/core/error.hpp"

namespace basin {

// Returns the message of the InputError that `call` throws; "none" if it throws nothing.
template <class Call>
std::string refusal(Call&& call) {
  try {
    call();
  } catch (const InputError& e) {
    return e.what();
  }
  return "none";
}

}  // namespace basin
