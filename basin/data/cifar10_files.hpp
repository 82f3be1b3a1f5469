// The files of CIFAR-10's binary version: a folder of six batches, or the archive that contains them.
//
//   [cifar-10-batches-bin/]{data_batch_1,...,data_batch_5,test_batch}.bin   or   cifar-10-binary.tar[.gz|.xz]
//
// Uses the batches if all six are present, otherwise the archive.
#pragma once
#include "basin/data/data_set.hpp"

namespace basin::data {

extern const FileLayout cifar10_files;

}  // namespace basin::data
