// The folder of a checkpoint. It keeps two generations, so that a damaged one costs only the time since the
// one before.
//
// Layout   7.safetensors, 7.json       tensors and manifest of generation 7; 6.safetensors, 6.json
// Write    first the tensors, then the manifest, each whole and flushed (core/whole_file.hpp); then older
//          generations are removed. A generation exists once its manifest does: a kill or power loss at any
//          point leaves the last one whole
// Read     the newest generation whose manifest and tensors match their checksums
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
  // Creates and reads nothing yet. Only one object may use a folder at a time.
  explicit Generations(std::filesystem::path folder) : folder_(std::move(folder)) {}

  struct Found {
    std::uint64_t number = 0;
    std::string state;  // JSON
    std::vector<std::uint8_t> tensors;
  };
  // Returns the newest whole generation; nothing if there is none. Skips damaged ones and reports them:
  // "7.safetensors: wanted 1024 bytes, found 12". Throws InputError if there are generations and all are
  // damaged.
  std::optional<Found> load(std::vector<std::string>& damages);

  // Writes the next generation, creating the folder. Keeps it and the last one that was saved or loaded.
  // Throws Error if it cannot be written; the others are unchanged then.
  //
  // Cost  four flushes of the disk
  void save(std::string_view state, std::string_view tensors);

 private:
  std::vector<std::uint64_t> numbers() const;  // newest first
  std::filesystem::path path(std::uint64_t number, std::string_view kind) const;
  Found read(std::uint64_t number) const;
  void sweep(std::uint64_t newest) const;

  std::filesystem::path folder_;
  std::optional<std::uint64_t> whole_;  // the last one known to be whole
};

}  // namespace basin::storage
