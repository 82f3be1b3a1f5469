#include "basin/app/same_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "basin/app/label.hpp"
#include "basin/core/error.hpp"
#include "basin/data/checksums.hpp"
#include "basin/report/environment.hpp"
#include "basin/storage/file.hpp"

namespace basin::app {
namespace {

using study::Json;

std::string differ(const std::string& what, const auto& there, const auto& here) {
  return fmt::format("{} is {} there and {} here", what, there, here);
}

// Returns the option that sets it: --train-size for train_size.
std::string option_of(std::string_view setting) {
  if (setting == "problem") return "the problem";
  std::string out = "--" + std::string(setting);
  std::ranges::replace(out, '_', '-');
  return out;
}

// Compares all but the data, which may not have been read yet.
std::optional<std::string> other_settings(const study::Settings& there, const study::Settings& here) {
  std::optional<std::string> out;
  for_each_member(there, [&](auto field, const auto& value) {
    const auto& own = here.*field.member;
    if (out || value == own) return;
    if constexpr (requires { value.has_value(); })
      out = option_of(field.name) + " differs";
    else if constexpr (!field.is(trait::by_parts))
      out = differ(option_of(field.name), value, own);
  });
  return out;
}

std::optional<std::string> other_search(const study::Study& stored, const Plan& plan) {
  if (stored.search == plan.search) return std::nullopt;
  if (!stored.search || !plan.search)
    return fmt::format("it is {} search there and {} here", stored.search ? "a" : "no",
                       plan.search ? "one" : "none");
  std::optional<std::string> out;
  for_each_member(*stored.search, [&](auto field, const auto& value) {
    const auto& own = *plan.search.*field.member;
    if (out || value == own) return;
    if constexpr (fmt::is_formattable<std::remove_cvref_t<decltype(value)>>::value)
      out = differ(option_of(field.name), value, own);
    else
      out = fmt::format("the {} of the search differ; it was created by: {}", field.name, stored.command);
  });
  return out;
}

std::optional<std::string> other_trials(const study::Study& stored, const Plan& plan) {
  if (stored.search || plan.search) return other_search(stored, plan);
  if (stored.trials.size() != plan.trials.size())
    return fmt::format("it has {} trials, this call has {}; it was created by: {}", stored.trials.size(),
                       plan.trials.size(), stored.command);
  const auto [a, b] = std::ranges::mismatch(stored.trials, plan.trials);
  if (a == stored.trials.end()) return std::nullopt;
  return fmt::format("trial {} is '{}' there and '{}' here", a->number, label_of(*a), label_of(*b));
}

// What examples a source gives, wherever its files are.
Json source_of(const Json& problem) {
  Json out = problem.value("source", Json());
  if (out.is_object()) out.erase("file"), out.erase("test_file");
  return out;
}

// Compares the parts of the problem's text that affect results.
std::optional<std::string> other_problem(const study::Study& stored, const Plan& plan) {
  const Json there = Json::parse(stored.problem, nullptr, /*allow_exceptions=*/false), here = plan.problem;
  if (!there.is_object()) return std::nullopt;
  for (const char* key : {"data", "layers", "loss", "metric", "target"})
    if (const auto found = there.find(key); found != there.end() && *found != here[key])
      return differ(fmt::format("'{}' of the problem", key), found->dump(), here[key].dump());
  if (!there.contains("predicts")) return std::nullopt;  // of an older basin
  if (there["predicts"] != here["predicts"]) return "'predicts' of the problem differs";
  const Json were = there.value("metrics", Json::array()), are = here.value("metrics", Json::array());
  if (were != are) return differ("'metrics' of the problem", were.dump(), are.dump());
  const Json source = source_of(there), own = source_of(here);
  if (source != own) return differ("the data of the problem", source.dump(), own.dump());
  return std::nullopt;
}

std::optional<std::string> other_data(const study::Settings& there, const study::Settings& here) {
  for (const auto& [part, sum] : there.checksums)
    if (const auto found = here.checksums.find(part); found != here.checksums.end() && found->second != sum)
      return fmt::format("its data differ: {}", differ("the crc32 of the " + part, sum, found->second));
  return std::nullopt;
}

}  // namespace

std::optional<std::string> difference(const study::Study& stored, const Plan& plan) {
  if (auto what = other_settings(stored.settings, plan.settings)) return what;
  if (auto what = other_trials(stored, plan)) return what;
  if (auto what = other_problem(stored, plan)) return what;
  return other_data(stored.settings, plan.settings);
}

void check_same_study(const study::Study& stored, const Plan& plan) {
  if (const auto what = difference(stored, plan))
    throw InputError(fmt::format("--resume: {} holds another study: {}", plan.folder.path.string(), *what));
}

Json environment_of(const Plan& plan, const Json& hello) {
  Json out = report::environment(plan.jobs, plan.settings.threads, hello.value("libtorch", ""));
  out["worker_crc32"] = data::crc32_text(storage::read_file(plan.worker));
  return out;
}

std::string other_versions(const study::Study& stored, const Json& environment) {
  const Json before = Json::parse(stored.environment, nullptr, /*allow_exceptions=*/false);
  std::string there, here;
  for (const auto& [key, name] : {std::pair{"basin", "basin"},
                                  {"libtorch", "libtorch"},
                                  {"worker_crc32", "the worker program of crc32"}}) {
    const Json was = before.is_object() ? before.value(key, Json()) : Json(), is = environment.at(key);
    if (!was.is_string() || was == is) continue;
    const char* comma = there.empty() ? "" : ", ";
    there += fmt::format("{}{} {}", comma, name, was.get<std::string>());
    here += fmt::format("{}{}", comma, is.is_string() ? is.get<std::string>() : "none");
  }
  return there.empty()
             ? ""
             : fmt::format("the study was created with {}; now it is {}: the bits may differ", there, here);
}

}  // namespace basin::app
