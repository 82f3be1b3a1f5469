// The list of samplers. One line here yields the name that people type, the row in `basin list`, and the
// tests.
#pragma once
#include <memory>
#include <vector>

#include "basin/core/list.hpp"
#include "basin/search/samplers/cma.hpp"
#include "basin/search/samplers/ga.hpp"
#include "basin/search/samplers/gp.hpp"
#include "basin/search/samplers/grid.hpp"
#include "basin/search/samplers/halton.hpp"
#include "basin/search/samplers/nsga2.hpp"
#include "basin/search/samplers/random.hpp"
#include "basin/search/samplers/sobol.hpp"
#include "basin/search/samplers/tpe.hpp"

namespace basin::search {

namespace samplers {
using All = List<Random, Grid, Sobol, Halton, Tpe, Gp, Cma, Ga, Nsga2>;
}

// A sampler as it can be named.
struct SamplerInfo : Info {
  std::vector<Knob> knobs;
};

// Returns every sampler, in the order of the list.
const std::vector<SamplerInfo>& sampler_infos();
// Throws InputError, "unknown sampler 'tep'; did you mean 'tpe'?".
const SamplerInfo& find_sampler(std::string_view name);
// Makes a sampler from text: "tpe", or with settings "tpe startup 20, candidates 24". Throws InputError for
// an unknown name or setting, and for a value outside its range.
std::unique_ptr<Sampler> make_sampler(std::string_view text);

}  // namespace basin::search
