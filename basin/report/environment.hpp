// Where a study ran: what a reader needs to judge its times and to run it again.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace basin::report {

// Returns the `environment` of the study document (docs/formats.md), read from /proc. `libtorch` is the
// version that the worker reports.
nlohmann::json environment(int jobs, int threads, std::string_view libtorch);

// Returns "model name" of the first processor in the text of /proc/cpuinfo; empty if there is none.
std::string processor_name(std::string_view cpuinfo);

}  // namespace basin::report
