// The manifest of a checkpoint: all of it that is not tensors, and what the files of tensors must be.
//
// Layout   JSON: {"format": "basin-checkpoint", "version": 1, "crc32": "0123abcd",
//                 "content": {"files": [{"name": "7.safetensors", "bytes": 1024, "crc32": "89abcdef"}], "state": {...}}}
//          the first crc32 is of `content` without blanks and with sorted keys, as nlohmann-json dumps it
// Accepts  at most 64 MiB, 16 levels deep; file names that are one name in the folder of the manifest
// Refuses  anything else with FormatError, and a manifest that is not what its checksum says
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace basin::storage {

std::uint32_t crc32_of(std::span<const std::uint8_t> bytes);
std::uint32_t crc32_of(std::string_view bytes);
std::string hexadecimal(std::uint32_t value);  // of 8 digits

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
// Throws InputError when `state` is no JSON object.
std::string manifest_text(const Manifest& manifest);

}  // namespace basin::storage
