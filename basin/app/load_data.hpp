// Reads the data set of a problem into memory that the workers share.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>

#include "basin/app/observer.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/study/pool.hpp"
#include "basin/study/problem_info.hpp"

namespace basin::app {

// Null for a user's own problem: its worker has the data.
using Data = std::shared_ptr<const data::SharedSet>;

// Puts the counts of the files into `info`. Throws InputError for files that are missing or wrong, or that
// hold too little to validate with.
Data load_data(study::ProblemInfo& info, const std::optional<std::filesystem::path>& data_dir,
               Observer& observer);

// Gives the workers of a pool the data, which must outlive the pool.
void share(const Data& data, study::PoolSettings& settings);

}  // namespace basin::app
