// Finds a learning rate: one worker trains while the rate grows (schedules/range_test.hpp).
#pragma once
#include <optional>
#include <stop_token>

#include "basin/app/observer.hpp"
#include "basin/app/request.hpp"
#include "basin/schedules/range_test.hpp"
#include "basin/study/problem_info.hpp"

namespace basin::app {

struct FoundRate {
  study::ProblemInfo problem;
  study::Trial trial;  // the configuration that was trained
  RangeCurve curve;
};

// Tests the first configuration of the request. Returns nothing if a stop was requested. Leaves no file.
// Throws InputError for a wrong request, Error if the worker dies or reports a failure.
std::optional<FoundRate> find_rate(const Request& request, const RangeTest& test, Observer& observer,
                                   std::stop_token stop);

}  // namespace basin::app
