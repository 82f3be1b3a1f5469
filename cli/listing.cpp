#include "cli/listing.hpp"

#include "basin/app/problem_lookup.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/kernels/link_table.hpp"
#include "basin/losses/loss.hpp"
#include "basin/network/initializers.hpp"
#include "basin/network/layer_roles.hpp"
#include "basin/network/networks.hpp"
#include "basin/problems/problems.hpp"
#include "basin/rules/catalogue.hpp"
#include "basin/schedules/text.hpp"
#include "basin/search/pruners.hpp"
#include "basin/search/samplers.hpp"
#include "cli/first_step.hpp"

namespace basin::cli {
namespace {

using Json = nlohmann::ordered_json;

const char* text_of(Scale scale) {
  return scale == Scale::linear ? "linear" : scale == Scale::log ? "log" : "log of 1 - value";
}

Json json_of(const std::vector<Knob>& knobs) {
  Json out = Json::array();
  for (const Knob& knob : knobs)
    out.push_back({{"name", knob.name},
                   {"default", knob.initial},
                   {"allowed", knob.range->meaning},
                   {"search", {knob.range->search_low, knob.range->search_high}},
                   {"scale", text_of(knob.range->scale)}});
  return out;
}

Json json_of(std::optional<Scope> sums) {
  if (!sums) return nullptr;
  return *sums == Scope::row ? "row" : *sums == Scope::tensor ? "tensor" : "all";
}

}  // namespace

Json listed_optimizers() {
  Json out = Json::array();
  for (const RuleInfo& rule : catalogue()) {
    Json extents = Json::array();
    for (const Extent extent : rule.extents) extents.push_back(name_of(extent));
    out.push_back({{"name", rule.name},
                   {"title", rule.title},
                   {"chain", rule.chain},
                   {"dialect_of", rule.dialect_of},
                   {"dialects", rule.dialects},
                   {"slots", rule.slots},
                   {"extents", std::move(extents)},
                   {"knobs", json_of(rule.knobs)}});
  }
  return out;
}

Json listed_dialects() {
  Json out = Json::array();
  for (const Dialect& dialect : dialects())
    out.push_back(
        {{"rule", dialect.rule->name},
         {"dialects", dialect.libraries},
         {"name", dialect.computed->name},
         {"first_step",
          {{"1", first_step(*dialect.computed, 1)}, {"0.0001", first_step(*dialect.computed, 1e-4)}}},
         {"knobs", json_of(dialect.computed->knobs)}});
  return out;
}

Json listed_links() {
  Json out = Json::array();
  for (const kernels::LinkTable* table : kernels::link_tables())
    out.push_back({{"name", table->info.name},
                   {"title", table->info.title},
                   {"stands", table->info.place == Place::gradient ? "before" : "after"},
                   {"sums", json_of(table->info.scope)},
                   {"knobs", json_of(table->info.knobs)}});
  return out;
}

Json listed_schedules() {
  Json out = Json::array();
  for (const ShapeInfo& shape : schedule_shapes())
    out.push_back({{"name", shape.name}, {"title", shape.title}, {"knobs", json_of(shape.knobs)}});
  return out;
}

Json listed_problems() {
  Json out = Json::array();
  for (const Problem& p : problems())
    out.push_back({{"name", p.name},
                   {"summary", p.summary},
                   {"data", p.data},
                   {"layers", p.layers},
                   {"kind", p.source ? p.source->kind : "images"},
                   {"has_data", app::has_data(p)},
                   {"loss", p.loss},
                   {"metric", p.metric},
                   {"weights", app::is_image_set(p) ? Json(app::info_of(p).parameters) : Json()},
                   {"target", p.target},
                   {"epochs", p.epochs}});
  return out;
}

Json listed_initializers() {
  Json out = Json::array();
  for (const nn::InitializerInfo& info : nn::initializer_infos())
    out.push_back(
        {{"name", info.name}, {"title", info.title}, {"fan", info.has_fan}, {"knobs", json_of(info.knobs)}});
  return out;
}

Json listed_metrics() {
  Json out = Json::array();
  for (const metrics::Info& info : metrics::metric_infos())
    out.push_back({{"name", info.name},
                   {"title", info.title},
                   {"better", info.better == metrics::Better::larger ? "larger" : "smaller"},
                   {"targets", info.targets == metrics::Targets::classes ? "classes" : "values"},
                   {"help", info.help}});
  return out;
}

Json listed_losses() {
  Json out = Json::array();
  for (const losses::Info& info : losses::loss_infos())
    out.push_back({{"name", info.name},
                   {"title", info.title},
                   {"targets", info.targets == losses::Targets::classes ? "classes" : "values"},
                   {"help", info.help}});
  return out;
}

Json listed_samplers() {
  Json out = Json::array();
  for (const search::SamplerInfo& info : search::sampler_infos())
    out.push_back({{"name", info.name},
                   {"title", info.title},
                   {"help", info.help},
                   {"paper", info.paper},
                   {"several_objectives", info.several},
                   {"knobs", json_of(info.knobs)}});
  return out;
}

Json listed_pruners() {
  Json out = Json::array();
  for (const search::pruners::Info& info : search::pruner_infos())
    out.push_back({{"name", info.name}, {"title", info.title}, {"help", info.help}, {"paper", info.paper}});
  return out;
}

Json listed_layers() {
  Json out = Json::array();
  for (const nn::LayerInfo& info : nn::layer_infos())
    out.push_back({{"name", info.name}, {"usage", info.usage}, {"title", info.title}});
  return out;
}

Json listed_networks() {
  Json out = Json::array();
  for (const nn::NetworkInfo& info : nn::network_infos()) {
    const auto& [in, outputs] = info.example;
    const std::string layers = nn::expand_network(info.name, in, outputs);
    out.push_back({{"name", info.name},
                   {"usage", info.usage},
                   {"title", info.title},
                   {"input", nn::text_of(in)},
                   {"outputs", outputs},
                   {"layers", layers},
                   {"weights", nn::parameter_count(nn::parse_layers(layers, in))}});
  }
  return out;
}

Json listed_roles() {
  Json out = Json::array();
  for (const nn::RoleInfo& info : nn::role_infos) {
    Json parameters = Json::object();
    for (const Problem& problem : problems()) {
      if (!app::is_image_set(problem)) continue;
      Json& names = parameters[problem.name] = Json::array();
      for (const nn::LayerParameter& p : nn::parameters_of(app::layers_of(problem)))
        if (nn::name_of(p.role) == info.name) names.push_back(p.name);
    }
    out.push_back({{"name", info.name}, {"title", info.title}, {"parameters", parameters}});
  }
  return out;
}

Json listed_data() {
  Json out = Json::array();
  for (const data::DataSet& set : data::data_sets())
    out.push_back({{"name", set.name}, {"summary", set.summary}});
  return out;
}

}  // namespace basin::cli
