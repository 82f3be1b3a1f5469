// The four files of MNIST and of sets with the same layout: IDX, each plain or with .gz.
//
//   {train,t10k}-{images-idx3,labels-idx1}-ubyte[.gz]
//
// Refuses  images of another size than the set's, labels that are not its classes, unequal counts
#pragma once
#include "basin/data/data_set.hpp"

namespace basin::data {

extern const FileLayout mnist_files;

}  // namespace basin::data
