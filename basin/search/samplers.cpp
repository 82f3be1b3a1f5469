#include "basin/search/samplers.hpp"

#include "basin/core/settings_text.hpp"

namespace basin::search {
namespace {

template <class S>
class Of final : public Sampler {
 public:
  explicit Of(const S& sampler) : sampler_(sampler) {}
  Point ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
            Stream& random) const override {
    return sampler_.ask(space, earlier, seed, random);
  }

 private:
  S sampler_;
};

// A sampler without knobs has no settings to parse.
template <class S>
S with_settings(std::string_view text) {
  if constexpr (!S::knob_names.empty()) {
    return parse_settings<S>(text.empty() ? "none" : text);
  } else {
    if (!text.empty()) no_such_knob(S::name, text.substr(0, text.find(' ')), S::knob_names);
    return S{};
  }
}

}  // namespace

const std::vector<SamplerInfo>& sampler_infos() {
  static const std::vector<SamplerInfo> all = [] {
    std::vector<SamplerInfo> out;
    samplers::All::each([&]<class S>() { out.push_back({S::info, knobs_of<S>()}); });
    return out;
  }();
  return all;
}

const SamplerInfo& find_sampler(std::string_view name) {
  std::vector<std::string> names;
  for (const SamplerInfo& info : sampler_infos()) {
    if (info.name == name) return info;
    names.emplace_back(info.name);
  }
  throw InputError(unknown("sampler", name, names));
}

std::unique_ptr<Sampler> make_sampler(std::string_view text) {
  text = trimmed(text);
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view name = find_sampler(text.substr(0, end)).name;
  const std::string_view settings = trimmed(text.substr(end));
  std::unique_ptr<Sampler> out;
  samplers::All::each([&]<class S>() {
    if (S::name == name) out = std::make_unique<Of<S>>(with_settings<S>(settings));
  });
  return out;
}

}  // namespace basin::search
