#include "basin/recipe/recipe.hpp"

#include "basin/core/error.hpp"

namespace basin {
namespace {

bool is_on(const std::string& text) {
  if (text != "on" && text != "off") throw InputError("normalize: '" + text + "' is not on or off");
  return text == "on";
}

}  // namespace

Recipe recipe_of(const study::Configuration& config) {
  return {.chain = kernels::Chain::parse(config.optimizer, config.knobs),
          .batch_size = config.batch_size,
          .init = nn::Initialization::parse(config.init),
          .schedules = parse_schedules(config.schedule),
          .regularization = nn::parse_regularization(config.regularize),
          .augmentation = data::parse_augmentation(config.augment),
          .normalize = is_on(config.normalize),
          .groups = nn::parse_groups(config.groups)};
}

}  // namespace basin
