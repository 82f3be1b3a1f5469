# libtorch as the target basin::torch: headers, libraries and the C++ ABI flags that its package asks for.
# Debian's package, and the archives from pytorch.org by CMAKE_PREFIX_PATH.
if(NOT TARGET basin_torch)
  find_package(Torch REQUIRED)
  find_package(OpenMP REQUIRED COMPONENTS CXX)  # at::parallel_for is a loop on one thread without it
  add_library(basin_torch INTERFACE)
  add_library(basin::torch ALIAS basin_torch)
  set_target_properties(basin_torch PROPERTIES EXPORT_NAME torch)
  target_include_directories(basin_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  target_link_libraries(basin_torch INTERFACE ${TORCH_LIBRARIES} OpenMP::OpenMP_CXX)
  separate_arguments(basin_torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
  target_compile_options(basin_torch INTERFACE ${basin_torch_flags})
  set_property(GLOBAL APPEND PROPERTY BASIN_LAYERS basin_torch)
endif()
