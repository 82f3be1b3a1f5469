// Layers and named networks, as the command lists them.
#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"

namespace basin::cli {
namespace {

using Json = nlohmann::json;

class LayersOnTheCommandLine : public InFolder {};

TEST_F(LayersOnTheCommandLine, AreListed) {
  const Answer answer = shell("$BASIN list layers");
  EXPECT_EQ(answer.status, 0);
  for (const char* usage : {"\nlstm UNITS ", "\nresidual [project] ( LAYERS ) ", "\nrepeat N ( LAYERS ) "})
    EXPECT_NE(answer.text.find(usage), std::string::npos) << answer.text;
  const Json layers = Json::parse(shell("$BASIN list layers --json").text).at("layers");
  EXPECT_EQ(layers.at(0), (Json{{"name", "linear"},
                                {"usage", "linear UNITS [no-bias] [sd S]"},
                                {"title", "fully connected layer"}}));
}

TEST_F(LayersOnTheCommandLine, NetworksAreListedWithAnExample) {
  const Answer answer = shell("$BASIN list networks");
  EXPECT_EQ(answer.status, 0);
  EXPECT_NE(answer.text.find("\nlenet "), std::string::npos) << answer.text;
  EXPECT_NE(answer.text.find(" 61,706  conv 6 5x5 same, tanh,"), std::string::npos) << answer.text;
  const Json listed = Json::parse(shell("$BASIN list networks --json").text);
  for (const Json& network : listed.at("networks")) {
    if (network.at("name") != "logistic") continue;
    EXPECT_EQ(network.at("input"), "a sparse row of 123 columns");
    EXPECT_EQ(network.at("layers"), "sparse-linear 2");
    EXPECT_EQ(network.at("weights"), 248);
  }
}

}  // namespace
}  // namespace basin::cli
