// Reads a data file as bytes, if this machine can hold it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace basin::data {

// The bytes of memory that this machine has.
std::size_t machine_memory();

// Returns the bytes of `file`, inflated if it is a gzip file. Throws InputError that names the file, with
// both figures, before anything is read if it is larger than `memory`; and as soon as more than that is
// inflated.
std::vector<std::uint8_t> read_data_file(const std::filesystem::path& file,
                                         std::size_t memory = machine_memory());

}  // namespace basin::data
