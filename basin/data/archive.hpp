// Reads chosen members of a tar archive, plain or compressed by gzip or xz, into memory.
//
// Accepts  tar (ustar, pax, GNU) in one gzip or xz stream, read to the end so that every checksum is verified
// Refuses  damage, truncation, and a chosen member that is absent, duplicated or too large: InputError that
//          names the file
// Cost     the chosen members, and what decompression needs (64 MiB for xz); nothing is written to disk
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace basin::data {

// Returns the contents of the members whose last path component is one of `names`, in the order of `names`.
std::vector<std::vector<std::uint8_t>> read_members(const std::filesystem::path& archive,
                                                    const std::vector<std::string>& names,
                                                    std::size_t largest);

// Checks only both ends of the file: that it begins and ends like such an archive. Takes microseconds.
void check_archive(const std::filesystem::path& archive);

}  // namespace basin::data
