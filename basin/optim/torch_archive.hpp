// Reads the files that libtorch's optimizers save.
//
// Layout   pytorch_version      "1.5.0"
//          param_groups         param_groups/size, param_groups/N: { params/size, params/N: a key, options:
//                               {...} }
//          state                one entry for each key: {...}
//          optimizer            "AdamW": basin's addition, which tells Adam's files from AdamW's; libtorch
//                               ignores it
//          before 1.5           no pytorch_version; each slot of all parameters in one list,
//                               "exp_average_buffers"
// Refuses  anything else with InputError
#pragma once
#include <torch/optim/optimizer.h>
#include <torch/serialize/archive.h>

#include <string_view>

namespace basin::optim {

void write_class(torch::serialize::OutputArchive& archive, std::string_view name);

// Returns whether libtorch before 1.5 wrote it; these files hold no options and do not name their class.
bool is_before_1_5(torch::serialize::InputArchive& archive);

// Lets libtorch's own class read such a file; its state afterwards is the content of the file. Throws
// InputError if the file is for another class, or for another number of parameters, with which libtorch would
// read past the end of a list.
void read_before_1_5(torch::optim::Optimizer& reader, torch::serialize::InputArchive& archive,
                     std::string_view name);

class TorchArchive {
 public:
  // Throws InputError if the file names another class.
  TorchArchive(torch::serialize::InputArchive& archive, std::string_view optimizer);
  std::size_t groups() const { return groups_.size(); }
  std::size_t parameters(std::size_t group) const { return groups_[group].keys.size(); }
  void read_options(std::size_t group, torch::optim::OptimizerOptions& out);
  // Returns false if the file holds no state for that parameter.
  bool read_state(std::size_t group, std::size_t parameter, torch::optim::OptimizerParamState& out);

 private:
  struct Group {
    torch::serialize::InputArchive options;
    std::vector<std::string> keys;
  };
  std::string optimizer_;
  std::vector<Group> groups_;
  torch::serialize::InputArchive states_;
};

}  // namespace basin::optim
