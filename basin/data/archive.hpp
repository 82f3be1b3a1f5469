// Chosen members of a tar archive, plain or compressed by gzip or xz, read into memory.
//
// Accepts  tar (ustar, pax, GNU) in one gzip or xz stream, read to its very end so that every checksum is verified
// Refuses  damage, truncation, a chosen member that is absent, twice there or too large: InputError that names the file
// Cost     the chosen members, and what decompression needs (64 MiB for xz); nothing is ever written to disk
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace basin::data {

// The contents of the members whose last path component is one of `names`, in the order of `names`.
std::vector<std::vector<std::uint8_t>> read_members(const std::filesystem::path& archive,
                                                    const std::vector<std::string>& names,
                                                    std::size_t largest);

// Looks at the two ends of the file alone: does it begin as such an archive and end as one? Takes microseconds.
void check_archive(const std::filesystem::path& archive);

}  // namespace basin::data
