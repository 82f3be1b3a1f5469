#include "basin/data/readers/data_file.hpp"

#include <unistd.h>

#include <string>

#include "basin/core/error.hpp"
#include "basin/data/gzip.hpp"
#include "basin/storage/file.hpp"

namespace basin::data {

std::size_t machine_memory() {
  return static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

std::vector<std::uint8_t> read_data_file(const std::filesystem::path& file, std::size_t memory) {
  const std::size_t size = storage::size_of(file);
  if (size > memory)
    throw InputError(file.string() + ": has " + std::to_string(size) + " bytes; this machine's memory has " +
                     std::to_string(memory));
  return storage::parsed(file, [&] { return inflated(storage::read_file(file), memory); });
}

}  // namespace basin::data
