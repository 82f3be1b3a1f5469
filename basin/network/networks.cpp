#include "basin/network/networks.hpp"

#include <algorithm>

#include "basin/core/names.hpp"
#include "basin/network/networks/all.hpp"

namespace basin::nn {
namespace {

struct Entry {
  NetworkInfo info;
  std::size_t most_sizes;
  std::string (*layers)(const networks::Sizes&, const Shape&, const std::string& outputs);
};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all = [] {
    std::vector<Entry> out;
    networks::All::each([&]<class N> {
      out.push_back({{N::name, N::usage, N::title, N::example()}, N::most_sizes, N::layers});
    });
    return out;
  }();
  return all;
}

}  // namespace

const std::vector<NetworkInfo>& network_infos() {
  static const std::vector<NetworkInfo> all = [] {
    std::vector<NetworkInfo> out;
    for (const Entry& entry : entries()) out.push_back(entry.info);
    return out;
  }();
  return all;
}

std::string expand_network(std::string_view text, const Shape& in, std::int64_t outputs) {
  const std::string_view words = trimmed(text), name = words.substr(0, words.find(' '));
  const auto found = std::ranges::find_if(entries(), [&](const Entry& e) { return e.info.name == name; });
  if (found == entries().end()) return std::string(text);
  try {
    const auto sizes = networks::Sizes::parse(words, found->info.usage, found->most_sizes);
    return found->layers(sizes, in, outputs > 0 ? std::to_string(outputs) : "outputs");
  } catch (const InputError& e) {
    throw InputError("network '" + std::string(words) + "': " + e.what());
  }
}

}  // namespace basin::nn
