# How the loops of a rule are compiled, here and in anybody's own project.

# What the loops need to vectorise and to give the same bits on every instruction set (kernels/loops.hpp).
set(BASIN_RULE_FLAGS -O3 -fno-math-errno -fno-trapping-math -ffp-contract=off -Wdouble-promotion)

# basin_rule_sources(target file.cpp...)   adds sources that compile loops
function(basin_rule_sources target)
  target_sources(${target} PRIVATE ${ARGN})
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "${BASIN_RULE_FLAGS}" SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# basin_add_rule(target file.hpp Rule)     compiles the loops of the rule `Rule`, declared in file.hpp, into the target
function(basin_add_rule target header rule)
  get_filename_component(path ${header} ABSOLUTE)
  string(MAKE_C_IDENTIFIER ${rule} id)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/basin_rule_${id}.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[
#include "basin/kernels/compile.hpp"
#include "@path@"

static_assert(basin::Rule<@rule@>, "@rule@ is no rule: see basin/core/rule.hpp");
template const basin::kernels::Table& basin::kernels::table_of<@rule@>();
]])
  basin_rule_sources(${target} ${source})
endfunction()
