// Ask and tell by hand, for those who own the loop: a search whose trials somebody else runs. Every call
// opens the store, and closes it again.
#pragma once
#include <string>

#include "basin/app/request.hpp"
#include "basin/app/study_folder.hpp"
#include "basin/study/store.hpp"

namespace basin::app {

// Returns the next trial of the search in a folder; it counts as running from now on. Makes the study if
// there is none: then the request must say what is searched, and its program which metric ranks.
//
// Throws  InputError if the study is no search by hand, if every trial was asked for, or if trials that run
//         must be told first: trial k is chosen from the results of those up to k - lag
study::Trial ask(const StudyFolder& folder, const Request& request);

// Stores the value of the metric for a trial that was asked for. One that is not finite is a divergence.
// Throws InputError for a trial that is not running.
void tell(const StudyFolder& folder, int number, double value);

}  // namespace basin::app
