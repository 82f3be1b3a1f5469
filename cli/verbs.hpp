// The verbs of the command, in the order of `basin --help`. Each is defined in its own file in verbs/.
#pragma once
#include <vector>

#include "cli/verb.hpp"

namespace basin::cli {

Verb compare(), tune(), ask(), tell(), train(), lr_find(), problem(), report(), export_(), status(), list(),
    data(), doctor();

inline std::vector<Verb> verbs() {
  return {compare(), tune(),    ask(),    tell(), train(), lr_find(), problem(),
          report(),  export_(), status(), list(), data(),  doctor()};
}

}  // namespace basin::cli
