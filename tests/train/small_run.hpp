// A network, a small set of images and an optimizer, recreated from the same seeds, as in another process.
#pragma once
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "basin/data/image_set.hpp"
#include "basin/train/fit.hpp"
#include "basin/train/weights.hpp"

namespace basin::train {

// Two classes of 8x8 images, distinguished by which half is bright; every fifth label is wrong, so that no
// fit is perfect.
inline data::SharedSet two_classes(std::int64_t train, std::int64_t test) {
  data::SharedSet set = data::create_images(train, test, 8, 8, 1, 2);
  const auto fill = [](std::span<std::uint8_t> images, std::span<std::uint8_t> labels) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const bool right = i % 2 == 1;
      labels[i] = (i % 5 == 0) != right;
      for (std::size_t p = 0; p < 64; ++p)
        images[64 * i + p] = static_cast<std::uint8_t>((p % 8 >= 4) == right ? 150 + (i * 7 + p * 13) % 100
                                                                             : (i * 11 + p * 3) % 90);
    }
  };
  fill(set.fill<std::uint8_t>("train.images"), set.fill<std::uint8_t>("train.labels"));
  fill(set.fill<std::uint8_t>("test.images"), set.fill<std::uint8_t>("test.labels"));
  set.seal();
  return set;
}

struct OneProcess {
  OneProcess(const data::SharedSet& images, const std::string& layers, const kernels::Chain& chain,
             const data::Augmentation& augmentation = {})
      : OneProcess(images, nn::make_network(nn::parse_layers(layers, {8, 8, 1})), chain, augmentation) {}
  OneProcess(const data::SharedSet& images, std::shared_ptr<nn::Network> made, const kernels::Chain& chain,
             const data::Augmentation& augmentation)
      : network(std::move(made)),
        examples(image_examples(data::images_of(images), 20, 0, 1, 0, {.augmentation = augmentation})),
        optimizer((nn::initialize(*network, "default", 1, 0), network->parameters()), chain) {}

  std::shared_ptr<nn::Network> network;
  std::unique_ptr<Examples> examples;
  optim::Optimizer optimizer;
};

}  // namespace basin::train
