// What can be named, as JSON: for programs, and for the generated pages of the documentation.
#pragma once
#include <nlohmann/json.hpp>

namespace basin::cli {

// [{"name", "title", "chain", "dialect_of", "dialects": [...], "slots": [...], "extents": ["weight", "row" or
// "column" for each slot], "knobs": [{"name", "default", "allowed", "search": [low, high], "scale"}]}]
nlohmann::ordered_json listed_optimizers();
// Every rule that has dialects, followed by its dialects: [{"rule", "dialects": [...], "name", "first_step":
// {"1", "0.0001"} by gradient, in units of the rate, "knobs": as above}]
nlohmann::ordered_json listed_dialects();
// [{"name", "title", "stands": "before" or "after" the rule, "sums": "row", "tensor", "all" or null, "knobs":
// as above}]
nlohmann::ordered_json listed_links();
// [{"name", "title", "knobs": as above; a default that counts epochs is negative}]
nlohmann::ordered_json listed_schedules();
// [{"name", "summary", "data", "layers", "weights", "target", "epochs"}]
nlohmann::ordered_json listed_problems();
// [{"name", "title", "fan": whether it accepts fan=in, out or average, "knobs": as above}]
nlohmann::ordered_json listed_initializers();
// [{"name", "usage", "title"}]
nlohmann::ordered_json listed_losses(), listed_metrics(), listed_layers();
// [{"name", "usage", "title", and for an example, "input": in words, "outputs", "layers", "weights"}]
nlohmann::ordered_json listed_networks();
// [{"name", "title", "help", "paper", "several_objectives": whether it weighs more than one, "knobs": as
// above}]
nlohmann::ordered_json listed_samplers();
nlohmann::ordered_json listed_pruners();
// [{"name", "title", "parameters": for each problem, by its name, ["conv0_weight"]}]
nlohmann::ordered_json listed_roles();
// [{"name", "summary"}]
nlohmann::ordered_json listed_data();

}  // namespace basin::cli
