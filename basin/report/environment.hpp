// Where a study ran: what a reader needs to judge its times and to run it again.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace basin::report {

// The `environment` of the study document (docs/formats.md), read from /proc. libtorch: what the worker says
// of its own.
nlohmann::json environment(int jobs, int threads, std::string_view libtorch);

// "model name" of the first processor in the text of /proc/cpuinfo; empty when it names none.
std::string processor_name(std::string_view cpuinfo);

}  // namespace basin::report
