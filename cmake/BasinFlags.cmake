# Compiler settings shared by every target.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)  # what one folder finds, the folders that link it see
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_COMPILE_OPTIONS_PIE -fPIC)  # -fPIE would make a precompiled header of the libraries useless to programs
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(BASIN_CCACHE ccache)
if(BASIN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths below the checkout count as relative, so that every checkout of the same sources finds the same objects.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${BASIN_CCACHE})
endif()

# Carried by every target of this tree, not by those who use it.
add_library(basin_build INTERFACE)
target_compile_options(basin_build INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                       -Wno-missing-field-initializers)  # settings are aggregates: what is not named has its default
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # g++ walks over all of a precompiled header when it collects garbage; without that, libtorch's files compile in 4/5 of the
  # time, with a tenth more memory.
  target_compile_options(basin_build INTERFACE --param=ggc-min-heapsize=2000000)
endif()
if(BASIN_WERROR)
  target_compile_options(basin_build INTERFACE -Werror)
endif()
if(BASIN_SANITIZE)
  target_compile_options(basin_build INTERFACE -fsanitize=${BASIN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(basin_build INTERFACE -fsanitize=${BASIN_SANITIZE})
endif()

# basin_layer(NAME sources... [INTERFACE])   the target basin_NAME, known as basin::NAME; without sources, headers only
function(basin_layer name)
  if(ARGN)
    add_library(basin_${name} STATIC ${ARGN})
    target_link_libraries(basin_${name} PRIVATE $<BUILD_INTERFACE:basin_build>)
    set(scope PUBLIC)
  else()
    add_library(basin_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(basin::${name} ALIAS basin_${name})
  set_target_properties(basin_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(basin_${name} ${scope} cxx_std_20)
  target_include_directories(basin_${name} ${scope} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                    $<INSTALL_INTERFACE:include>)
  set_property(GLOBAL APPEND PROPERTY BASIN_LAYERS basin_${name})
endfunction()

# basin_unity(target)   compiles eight of its files at a time as one. Each file that sees libtorch instantiates what its
# precompiled header left open, which takes 4 s; together they do it once. -DBASIN_UNITY=OFF for work on one file.
function(basin_unity target)
  if(BASIN_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  endif()
endfunction()
