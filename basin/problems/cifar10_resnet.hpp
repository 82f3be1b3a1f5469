// Residual blocks with batch norm on CIFAR-10.
//
// Paper    He, Zhang, Ren & Sun, Deep Residual Learning for Image Recognition, CVPR 2016: ResNet-20 has 91.25
//          % after 64,000 steps with flips and crops
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem cifar10_resnet() {
  Problem p{.name = "cifar10-resnet",
            .summary = "ResNet-20 on CIFAR-10 (10 classes, 32x32 colour)",
            .data = "cifar-10",
            .layers = "resnet 20",
            .target = 0.75,
            .epochs = 10,
            .images_per_second = 150};
  return p;
}

}  // namespace basin
