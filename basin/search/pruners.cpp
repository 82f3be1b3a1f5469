#include "basin/search/pruners.hpp"

#include "basin/core/philox.hpp"
#include "basin/core/settings_text.hpp"

namespace basin::search {
namespace {

using pruners::Info;

template <class P>
class Judge : public Pruner {
 public:
  explicit Judge(const P& pruner) : pruner_(pruner) {}
  bool prune(const Curve& trial, std::span<const Curve> earlier, double schedule_warmup) const override {
    double warmup = schedule_warmup;
    if constexpr (requires { pruner_.warmup; }) warmup = std::max<double>(warmup, pruner_.warmup);
    const double fraction = trial.fraction();
    if (fraction <= 0 || fraction < warmup - same_fraction || fraction >= 1 - same_fraction) return false;
    return pruner_.ends(trial, earlier);
  }

 private:
  P pruner_;
};

struct Known {
  std::vector<Info> infos;
  std::vector<std::unique_ptr<const Pruner> (*)(std::string_view settings)> make;
};

template <class P>
std::unique_ptr<const Pruner> made(std::string_view settings) {
  if (settings.empty()) return std::make_unique<Judge<P>>(P{});
  if constexpr (P::knob_names.empty())
    throw InputError(std::string(P::name) + " has no settings; leave out '" + std::string(settings) + "'");
  else
    return std::make_unique<Judge<P>>(parse_settings<P>(settings));
}

const Known& known() {
  static const Known all = [] {
    Known out;
    pruners::All::each([&]<pruners::Described P>() {
      out.infos.push_back(P::info);
      out.make.push_back(&made<P>);
    });
    return out;
  }();
  return all;
}

}  // namespace

const std::vector<Info>& pruner_infos() { return known().infos; }

std::unique_ptr<const Pruner> make_pruner(std::string_view text) {
  text = trimmed(text);
  const std::string_view name = text.substr(0, text.find(' '));
  std::vector<std::string> names;
  for (const Info& info : known().infos) {
    if (info.name == name) return known().make[names.size()](trimmed(text.substr(name.size())));
    names.emplace_back(info.name);
  }
  throw InputError(unknown("pruner", name, names));
}

bool audited(std::uint64_t seed, int number, double share) {
  return Stream(seed, static_cast<std::uint64_t>(number), "audit").uniform() < share;
}

}  // namespace basin::search
