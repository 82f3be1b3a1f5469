// What is known about a problem that a worker can run: its declaration, and the sizes that follow from it. As
// JSON, this is the `problems` in the answer to `WORKER --describe` and the `problem` of a stored study.
#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "basin/problems/problem.hpp"

namespace basin::study {

struct ProblemInfo {
  Problem problem;
  std::int64_t parameters = 0;                                         // trainable weights; 0 if unknown
  std::int64_t train_count = 0, validation_count = 0, test_count = 0;  // examples of the whole splits
  std::map<std::string, std::string> checksums = {};                   // of its data, as in Settings
};

inline const char* name_of(Loss loss) { return loss == Loss::mse ? "mse" : "cross_entropy"; }
using basin::name_of;

inline void to_json(nlohmann::json& json, const ProblemInfo& info) {
  const Problem& p = info.problem;
  json = {{"name", p.name},
          {"summary", p.summary},
          {"data", p.data},
          {"layers", p.layers},
          {"loss", name_of(p.loss)},
          {"metric", name_of(p.metric)},
          {"target", p.target},
          {"epochs", p.epochs},
          {"train_size", p.train_size},
          {"images_per_second", p.images_per_second},
          {"parameters", info.parameters},
          {"train_count", info.train_count},
          {"validation_count", info.validation_count},
          {"test_count", info.test_count}};
  if (!info.checksums.empty()) json["checksums"] = info.checksums;
}

// Throws nlohmann::json::exception if a key is missing or has the wrong type.
inline void from_json(const nlohmann::json& json, ProblemInfo& info) {
  Problem& p = info.problem;
  json.at("name").get_to(p.name);
  json.at("summary").get_to(p.summary);
  json.at("data").get_to(p.data);
  json.at("layers").get_to(p.layers);
  p.loss = json.at("loss") == name_of(Loss::mse) ? Loss::mse : Loss::cross_entropy;
  p.metric = json.at("metric") == name_of(Metric::loss) ? Metric::loss : Metric::accuracy;
  json.at("target").get_to(p.target);
  json.at("epochs").get_to(p.epochs);
  json.at("train_size").get_to(p.train_size);
  json.at("images_per_second").get_to(p.images_per_second);
  json.at("parameters").get_to(info.parameters);
  json.at("train_count").get_to(info.train_count);
  json.at("validation_count").get_to(info.validation_count);
  json.at("test_count").get_to(info.test_count);
  if (json.contains("checksums")) json["checksums"].get_to(info.checksums);
}

}  // namespace basin::study
