#include "basin/app/load_data.hpp"

#include "basin/app/plan_checks.hpp"
#include "basin/app/problem_lookup.hpp"

namespace basin::app {

Data load_data(study::ProblemInfo& info, const std::optional<std::filesystem::path>& data_dir,
               Observer& observer) {
  if (!is_image_set(info.problem)) return nullptr;
  observer.on_load(info.problem.data);
  auto set = std::make_shared<const data::SharedSet>(data::load(info.problem.data, data_dir));
  observer.on_loaded();
  take_counts(info, {data::images_of(*set).train_count(), data::images_of(*set).test_count()});
  return set;
}

void share(const Data& data, study::PoolSettings& settings) {
  if (data) settings.data = data->fd(), settings.data_bytes = data->bytes();
}

}  // namespace basin::app
