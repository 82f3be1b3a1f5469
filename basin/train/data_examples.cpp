#include "basin/train/data_examples.hpp"

#include "basin/core/error.hpp"
#include "basin/data/kinds/kinds.hpp"
#include "basin/train/row_examples.hpp"

namespace basin::train {
namespace {

struct Kind {
  const char* name;
  MakeExamples* make;
};
constexpr Kind kinds[] = {{"table", table_examples},
                          {"sparse", sparse_examples},
                          {"sequences", sequence_examples},
                          {"text", text_examples},
                          {"series", series_examples}};

}  // namespace

std::unique_ptr<Examples> data_examples(const data::SharedSet& set, const data::Source& source,
                                        std::uint64_t seed, std::uint64_t replicate,
                                        const DataOptions& options) {
  const std::string wanted = data::kind_of(set);
  for (const Kind& kind : kinds)
    if (wanted == kind.name) return kind.make(set, source, seed, replicate, options);
  throw InputError("no examples can be made from data of the kind " + wanted);
}

}  // namespace basin::train
