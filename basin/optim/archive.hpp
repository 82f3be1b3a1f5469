// Reading an archive of torch::save with messages of our own.
#pragma once
#include <torch/serialize/archive.h>

#include <string>

namespace basin::optim {

// Throws InputError, "loaded optimizer state " and what is said of it.
[[noreturn]] void refuse(const std::string& what);
// What stands under a key. Throw InputError when there is nothing.
c10::IValue read(torch::serialize::InputArchive& archive, const std::string& key);
torch::serialize::InputArchive child(torch::serialize::InputArchive& archive, const std::string& key);

}  // namespace basin::optim
