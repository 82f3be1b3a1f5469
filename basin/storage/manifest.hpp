// The manifest of a checkpoint: everything but the tensors, and the checksums of the tensor files.
//
// Layout   JSON: {"format": "basin-checkpoint", "version": 1, "crc32": "0123abcd",
//                 "content": {"files": [{"name": "7.safetensors", "bytes": 1024, "crc32": "89abcdef"}],
//                             "state": {...}}}
//          the first crc32 is of `content` without blanks and with sorted keys, as nlohmann-json prints it
// Accepts  at most 64 MiB, 16 levels deep; plain file names in the folder of the manifest
// Refuses  with FormatError: anything else, and a manifest that does not match its checksum
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace basin::storage {

std::uint32_t crc32_of(std::span<const std::uint8_t> bytes);
std::uint32_t crc32_of(std::string_view bytes);
std::string hexadecimal(std::uint32_t value);  // 8 digits

struct Manifest {
  struct File {
    std::string name;
    std::uint64_t bytes = 0;
    std::uint32_t crc32 = 0;
    bool operator==(const File&) const = default;
  };
  std::vector<File> files;
  std::string state;  // a JSON object as text
};

Manifest parse_manifest(std::string_view text);
// Throws InputError if `state` is not a JSON object.
std::string manifest_text(const Manifest& manifest);

}  // namespace basin::storage
