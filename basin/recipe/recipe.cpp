#include "basin/recipe/recipe.hpp"

#include <algorithm>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/data/image_set.hpp"
#include "basin/data/kinds/kinds.hpp"
#include "basin/losses/loss.hpp"

namespace basin {
namespace {

bool is_on(const std::string& text) {
  if (text != "on" && text != "off") throw InputError("normalize: '" + text + "' is not on or off");
  return text == "on";
}

// A crop as large as the image may leave nothing of it, and a larger square is the image.
void check_pixels(const data::Augmentation& augmentation, const Problem& problem, std::int64_t edge) {
  const auto check = [&](const char* knob, double pixels, std::int64_t most) {
    if (pixels > static_cast<double>(most))
      throw InputError("--augment " + std::string(knob) + ": " + text_of(pixels) + " pixels; the images of " +
                       problem.name + " have " + std::to_string(edge) + ", so it must be " +
                       std::to_string(most) + " or less");
  };
  check("crop", augmentation.crop, edge - 1);
  check("cutout", augmentation.cutout, edge);
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

DataForm form_of(const data::SharedSet& set) {
  DataForm out{.kind = data::kind_of(set)};
  if (out.kind != "images") return out;
  const data::ImageSet images = data::images_of(set);
  out.edge = std::min(images.height, images.width);
  return out;
}

void check_suits(const Recipe& recipe, const Problem& problem, const DataForm& data) {
  if (recipe.regularization.label_smoothing > 0 && losses::Loss::parse(problem.loss).name != "cross_entropy")
    throw InputError("--regularize label_smoothing: it needs cross_entropy; " + problem.name + " has " +
                     problem.loss);
  const auto& [kind, edge] = data;
  if (kind == "images") check_pixels(recipe.augmentation, problem, edge);
  if (kind.empty() || kind == "images") return;
  if (recipe.augmentation.moves_pixels())
    throw InputError("--augment: " + problem.name + " has no images; only mixup works with numbers");
  if (recipe.augmentation.mixup > 0 && (kind == "text" || kind == "sparse"))
    throw InputError("--augment mixup: it mixes numbers; " + problem.name + " has " +
                     (kind == "text" ? "a text" : "sparse rows"));
}

}  // namespace basin
