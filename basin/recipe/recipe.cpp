#include "basin/recipe/recipe.hpp"

#include "basin/core/error.hpp"
#include "basin/losses/loss.hpp"

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

void check_suits(const Recipe& recipe, const Problem& problem, const std::string& kind) {
  if (recipe.regularization.label_smoothing > 0 && losses::Loss::parse(problem.loss).name != "cross_entropy")
    throw InputError("--regularize label_smoothing: it needs cross_entropy; " + problem.name + " has " +
                     problem.loss);
  if (kind.empty() || kind == "images") return;
  if (recipe.augmentation.moves_pixels())
    throw InputError("--augment: " + problem.name + " has no images; only mixup works with numbers");
  if (recipe.augmentation.mixup > 0 && (kind == "text" || kind == "sparse"))
    throw InputError("--augment mixup: it mixes numbers; " + problem.name + " has " +
                     (kind == "text" ? "a text" : "sparse rows"));
}

}  // namespace basin
