# What `cmake --install` writes: the layers and their headers, the command, and what find_package reads.
#
#   find_package(basin)                       every layer; link basin::basin, or one layer: basin::optim
#   find_package(basin COMPONENTS kernels)    one layer and those it stands on; looks for no more than they need
#   add_subdirectory(basin)                   the same targets, from source
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

get_property(basin_layers GLOBAL PROPERTY BASIN_LAYERS)

add_library(basin_all INTERFACE)
add_library(basin::basin ALIAS basin_all)
set_target_properties(basin_all PROPERTIES EXPORT_NAME basin)
target_link_libraries(basin_all INTERFACE ${basin_layers})

if(NOT PROJECT_IS_TOP_LEVEL)
  return()
endif()

# Whether a layer links `library`, itself or through the layers that it stands on.
function(basin_layer_needs layer library out)
  set(${out} FALSE PARENT_SCOPE)
  get_target_property(links ${layer} INTERFACE_LINK_LIBRARIES)
  foreach(link IN LISTS links)
    set(found FALSE)
    if(link STREQUAL library OR link STREQUAL "$<LINK_ONLY:${library}>")
      set(found TRUE)
    elseif(link MATCHES "basin::([a-z_]+)")
      basin_layer_needs(basin_${CMAKE_MATCH_1} ${library} found)
    endif()
    if(found)
      set(${out} TRUE PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# One line for basinConfig.cmake: the package, and the layers that need it.
set(BASIN_DEPENDENCIES "")
function(basin_dependency package library)
  set(needed_by "")
  foreach(layer IN LISTS basin_layers)
    basin_layer_needs(${layer} ${library} needs)
    if(needs)
      get_target_property(name ${layer} EXPORT_NAME)
      string(APPEND needed_by " ${name}")
    endif()
  endforeach()
  if(needed_by)
    set(BASIN_DEPENDENCIES "${BASIN_DEPENDENCIES}basin_dependency(${package}${needed_by})\n" PARENT_SCOPE)
  endif()
endfunction()
basin_dependency(Torch torch)
basin_dependency(OpenMP OpenMP::OpenMP_CXX)
basin_dependency(CUDAToolkit CUDA::nvrtc)
basin_dependency(Threads Threads::Threads)
basin_dependency(ZLIB ZLIB::ZLIB)
basin_dependency(LibArchive LibArchive::LibArchive)
basin_dependency(tomlplusplus tomlplusplus::tomlplusplus)
basin_dependency(Boost Boost::headers)
basin_dependency(Eigen3 Eigen3::Eigen)
basin_dependency(PNG PNG::PNG)
basin_dependency(JPEG JPEG::JPEG)
basin_dependency(SQLite3 SQLite::SQLite3)
basin_dependency(fmt fmt::fmt)
basin_dependency(nlohmann_json nlohmann_json::nlohmann_json)

install(TARGETS ${basin_layers} basin_all EXPORT basinTargets)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/basin DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
foreach(program basin basin-worker basin-program-worker)
  if(TARGET ${program})
    install(TARGETS ${program})
  endif()
endforeach()

set(basin_package ${CMAKE_INSTALL_LIBDIR}/cmake/basin)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/basinConfig.cmake.in ${PROJECT_BINARY_DIR}/basinConfig.cmake
                              INSTALL_DESTINATION ${basin_package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/basinConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(EXPORT basinTargets NAMESPACE basin:: DESTINATION ${basin_package})
install(FILES ${PROJECT_BINARY_DIR}/basinConfig.cmake ${PROJECT_BINARY_DIR}/basinConfigVersion.cmake
              ${CMAKE_CURRENT_LIST_DIR}/BasinRule.cmake
        DESTINATION ${basin_package})
