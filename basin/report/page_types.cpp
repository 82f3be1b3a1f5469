#include "basin/report/page_types.hpp"

#include "basin/records/typescript.hpp"
#include "basin/study/trial.hpp"

namespace basin::report {
namespace {

constexpr const char* opening =
    "// The records of a study document. Written by `make page-types` from their fields "
    "(basin/records/training.hpp,\n"
    "// basin/study/trial.hpp); change them there.\n";

template <class... Records>
std::string interfaces() {
  return (("\n" + typescript_interface<Records>()) + ...);
}

}  // namespace

std::string page_types() {
  return opening +
         interfaces<Epoch, study::Phases, study::Result, study::Patience, study::Plateau, study::Settings>() +
         "\n" + typescript_keys<study::Phases>("phases");
}

}  // namespace basin::report
