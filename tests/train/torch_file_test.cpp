// The file for PyTorch: a round trip, and what is refused. tests/optim/torch_state_judge.py asks PyTorch
// itself.
#include "basin/train/torch_file.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>
#include <unistd.h>

#include <filesystem>

#include "basin/core/error.hpp"
#include "basin/core/whole_file.hpp"
#include "basin/storage/file.hpp"
#include "basin/storage/safetensors.hpp"
#include "basin/train/tensor_file.hpp"

namespace basin::train {
namespace {

namespace fs = std::filesystem;
using optim::TorchState;

class TorchFile : public ::testing::Test {
 protected:
  TorchFile() : file_(fs::temp_directory_path() / ("torch_file_test_" + std::to_string(::getpid()))) {}
  ~TorchFile() override { fs::remove(file_); }

  // Returns the message for a file with one tensor and this metadata, without the file's name.
  std::string refused(const std::string& key, const std::string& value, const std::string& tensor = "w.sum") {
    std::map<std::string, std::string> metadata{{"format", "basin-torch-optimizer"},
                                                {"version", "1"},
                                                {"optimizer", "Adagrad"},
                                                {"param_groups", "[]"},
                                                {"state", "{}"}};
    metadata[key] = value;
    if (value.empty()) metadata.erase(key);
    write_atomically(file_, tensor_bytes({{tensor, torch::zeros(2)}}, metadata));
    try {
      load_torch_state(file_);
    } catch (const InputError& e) {
      const std::string said = e.what(), name = file_.string() + ": ";
      EXPECT_EQ(said.substr(0, name.size()), name);
      return said.substr(name.size());
    }
    return "none";
  }

  fs::path file_;
};

TEST_F(TorchFile, BringsBackWhatItWasGiven) {
  const torch::Tensor moment = torch::linspace(-1, 1, 6, torch::kFloat64).reshape({2, 3});
  const TorchState state{
      "NAdam",
      {{{{"lr", 0.1}, {"beta1", 0.9}, {"beta2", 1 / 3.0}, {"maximize", false}}, {"layer.0.weight", "b"}},
       {{{"lr", 0.2}, {"maximize", true}}, {"c"}}},
      {{"layer.0.weight", {{{"step", 70}, {"mu_product", 0.1 + 0.2}}, {{"exp_avg", moment.t()}}}}}};
  save(file_, state);
  const TorchState back = load_torch_state(file_);
  EXPECT_EQ(back.name, state.name);
  ASSERT_EQ(back.groups.size(), 2u);
  for (std::size_t g = 0; g < 2; ++g) {
    EXPECT_EQ(back.groups[g].options, state.groups[g].options);
    EXPECT_EQ(back.groups[g].parameters, state.groups[g].parameters);
  }
  ASSERT_EQ(back.parameters.size(), 1u);
  const TorchState::Parameter& one = back.parameters.at("layer.0.weight");
  EXPECT_EQ(one.numbers, state.parameters.at("layer.0.weight").numbers);
  EXPECT_TRUE(torch::equal(one.slots.at("exp_avg"), moment.t()));
}

TEST_F(TorchFile, ReadsAsAPersonWould) {
  save(file_, {"Adam",
               {{{{"lr", 0.1}, {"beta1", 0.9}, {"beta2", 0.99}, {"amsgrad", true}}, {"w"}}},
               {{"w", {{{"step", 3}}, {}}}}});
  const auto metadata = storage::safetensors_metadata(storage::read_file(file_));
  EXPECT_EQ(metadata.at("optimizer"), "Adam");
  EXPECT_EQ(metadata.at("param_groups"), R"([{"amsgrad":true,"betas":[0.9,0.99],"lr":0.1,"params":["w"]}])");
  EXPECT_EQ(metadata.at("state"), R"({"w":{"step":3}})");
}

TEST_F(TorchFile, LeavesOutWhatIsNull) {
  EXPECT_EQ(refused("param_groups", R"([{"lr":0.1,"foreach":null,"params":["w"]}])"), "none");
  EXPECT_EQ(load_torch_state(file_).groups.at(0).options, (optim::TorchOptions{{"lr", 0.1}}));
}

TEST_F(TorchFile, ARateOfNothingIsARate) {
  EXPECT_EQ(refused("param_groups", R"([{"lr":0,"params":["w"]}])"), "none");
  EXPECT_EQ(load_torch_state(file_).groups.at(0).options, (optim::TorchOptions{{"lr", 0.0}}));
}

TEST_F(TorchFile, RefusesAFileWhoseMetadataIsNull) {
  std::string bytes = R"({"__metadata__":null})";
  const std::uint64_t length = bytes.size();
  bytes.insert(0, reinterpret_cast<const char*>(&length), sizeof length);
  write_atomically(file_, bytes);
  try {
    load_torch_state(file_);
    ADD_FAILURE() << "it says nothing of an optimizer";
  } catch (const InputError& e) {
    EXPECT_EQ(e.what(), file_.string() + ": its __metadata__ lacks 'format'");
  }
}

TEST_F(TorchFile, RefusesWhatItIsNot) {
  EXPECT_EQ(refused("format", "pt"), "it has the format 'pt'; wanted 'basin-torch-optimizer'");
  EXPECT_EQ(refused("format", ""), "its __metadata__ lacks 'format'");
  EXPECT_EQ(refused("version", "2"), "it has version 2; wanted 1");
  EXPECT_EQ(refused("state", ""), "its __metadata__ lacks 'state'");
  EXPECT_EQ(refused("state", "[1]"), "'state' of its __metadata__ is not numbers by the names of parameters");
  const std::string groups =
      "'param_groups' of its __metadata__ is not a list of groups, each with its options and params";
  for (const char* wrong : {"{", "[3]", R"([{"lr":1}])", R"([{"params":[1]}])", R"([{"params":"w"}])"})
    EXPECT_EQ(refused("param_groups", wrong), groups) << wrong;
  EXPECT_EQ(refused("param_groups", R"([{"betas":[0.9],"params":[]}])"),
            "the option 'betas' is [0.9]; it must be a number, true or false");
  EXPECT_EQ(refused("state", "{}", "sum"), "the tensor 'sum' is not called PARAMETER.SLOT");
  write_atomically(file_, "seven");
  EXPECT_THROW(load_torch_state(file_), InputError);
}

}  // namespace
}  // namespace basin::train
