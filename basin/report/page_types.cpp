#include "basin/report/page_types.hpp"

#include "basin/records/typescript.hpp"
#include "basin/report/search_report.hpp"
#include "basin/study/trial.hpp"

namespace basin::report {
namespace {

constexpr const char* opening =
    "// The records of a study document. Written by `make page-types` from their fields "
    "(basin/records/training.hpp,\n"
    "// basin/study/trial.hpp, basin/search/space.hpp, basin/report/search_report.hpp); change them there.\n";

template <class... Records>
std::string interfaces() {
  return (("\n" + typescript_interface<Records>()) + ...);
}

}  // namespace

std::string page_types() {
  return opening +
         interfaces<Epoch, study::Phases, study::Result, study::Patience, study::Plateau, study::Settings,
                    search::Parameter, search::Space, Importance, ExpectedBest, AtBorder, SearchReport>() +
         "\n" + typescript_keys<study::Phases>("phases");
}

}  // namespace basin::report
