// The folder of a checkpoint: its last two generations, so that a damaged one costs the time since the one before.
//
// Layout   7.safetensors, 7.json       tensors and manifest of generation 7; 6.safetensors, 6.json
// Write    tensors, then the manifest, each whole and flushed (core/whole_file.hpp); then what is older goes. A generation is
//          there when its manifest is: a kill or a power loss at any point leaves the last one whole
// Read     the newest generation whose manifest and tensors are what their checksums say
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basin::storage {

class Generations {
 public:
  // Nothing is made or read yet. One at a time for a folder.
  explicit Generations(std::filesystem::path folder) : folder_(std::move(folder)) {}

  struct Found {
    std::uint64_t number = 0;
    std::string state;  // JSON
    std::vector<std::uint8_t> tensors;
  };
  // Nothing where there is none. What is damaged is passed over and said: "7.safetensors: wanted 1024 bytes, found 12".
  // Throws InputError when there are generations and all of them are damaged.
  std::optional<Found> load(std::vector<std::string>& damages);

  // The next generation; makes the folder. Keeps it and the last one that was saved or loaded. Throws Error when it cannot be
  // written; then the others are as they were. Cost: four flushes of the disk.
  void save(std::string_view state, std::string_view tensors);

 private:
  std::vector<std::uint64_t> numbers() const;  // newest first
  std::filesystem::path path(std::uint64_t number, std::string_view kind) const;
  Found read(std::uint64_t number) const;
  void sweep(std::uint64_t newest) const;

  std::filesystem::path folder_;
  std::optional<std::uint64_t> whole_;  // the last that is known to be
};

}  // namespace basin::storage
