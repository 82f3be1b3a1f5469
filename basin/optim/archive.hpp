// Reads archives of torch::save, with basin's own error messages.
#pragma once
#include <torch/serialize/archive.h>

#include <string>

namespace basin::optim {

// Throws InputError with "loaded optimizer state " followed by `what`.
[[noreturn]] void refuse(const std::string& what);
// Both return the value of a key, and throw InputError if there is none.
c10::IValue read(torch::serialize::InputArchive& archive, const std::string& key);
torch::serialize::InputArchive child(torch::serialize::InputArchive& archive, const std::string& key);

}  // namespace basin::optim
