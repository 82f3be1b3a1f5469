// Any text in each of the small languages for settings: refused, or settings with values within their ranges.
#include <array>
#include <string_view>

#include "basin/core/error.hpp"
#include "basin/data/augmentation.hpp"
#include "basin/network/groups.hpp"
#include "basin/network/initializers.hpp"
#include "basin/network/layers.hpp"
#include "basin/network/networks.hpp"
#include "basin/network/regularization.hpp"
#include "tests/fuzz/require.hpp"

namespace {

template <class Parse>
void check(std::string_view text, const Parse& parse) {
  try {
    parse(text);
  } catch (const basin::InputError&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace basin;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text, [](std::string_view t) {
    const data::Augmentation a = data::parse_augmentation(t);
    require(a.flip >= 0 && a.flip <= 1 && a.crop >= 0 && a.cutout >= 0 && a.mixup >= 0,
            "amounts are amounts");
  });
  check(text, [](std::string_view t) {
    const nn::Regularization r = nn::parse_regularization(t);
    require(r.l1 >= 0 && r.l2 >= 0 && r.label_smoothing >= 0 && r.max_norm >= 0,
            "penalties are none or positive");
  });
  check(text, [](std::string_view t) { nn::Initialization::parse(t); });
  check(text, [](std::string_view t) {
    std::array<int, nn::role_infos.size()> named{};
    for (const nn::RoleGroup& group : nn::parse_groups(t)) {
      require(!group.roles.empty(), "a group has a role");
      for (const nn::Role role : group.roles)
        require(++named[static_cast<std::size_t>(role)] == 1, "a role is in one group");
    }
  });
  check(text, [](std::string_view t) {
    for (const nn::Shape& in : {nn::Shape{8, 8, 3}, nn::Shape::sequence(6, 4), nn::Shape::tokens(6, 9),
                                nn::Shape::sparse(7), nn::Shape::table({0, 3})})
      check(t, [&](std::string_view list) {
        const std::vector<nn::Layer> layers = nn::parse_layers(nn::expand_network(list, in, 3), in, 3);
        require(layers.size() <= 1000, "networks are of a size that memory holds");
        for (const nn::Layer& layer : layers) require(layer.out.size() > 0, "layers have outputs");
      });
  });
  return 0;
}
