# Builds the page from web/ with npm, and a source file that holds its bytes: PAGE_SOURCE.
#
# BASIN_PAGE=FILE   takes this page, built elsewhere (npm run build in web/), and needs no npm

set(BASIN_PAGE "" CACHE FILEPATH "The built page, web/dist/page.html of another machine; empty to build it with npm")
set(page ${BASIN_PAGE})

if(NOT page)
  find_program(BASIN_NPM npm)
  set(web ${PROJECT_SOURCE_DIR}/web)
  set(page ${web}/dist/page.html)
  if(BASIN_NPM)
    set(npm ${BASIN_NPM})
  else()
    # Said when the page is built: the libraries build without it.
    set(npm ${CMAKE_COMMAND} -D "MESSAGE=the page needs npm: install the packages nodejs and npm, or give -DBASIN_PAGE=page.html"
        -P ${CMAKE_CURRENT_LIST_DIR}/fail.cmake --)
  endif()
  # npm writes this list when everything is in place.
  set(installed ${web}/node_modules/.package-lock.json)
  file(GLOB_RECURSE page_sources CONFIGURE_DEPENDS ${web}/src/*)
  add_custom_command(OUTPUT ${installed} COMMAND ${npm} ci --include=dev
                     DEPENDS ${web}/package-lock.json ${web}/.npmrc WORKING_DIRECTORY ${web} COMMENT "npm ci" VERBATIM)
  add_custom_command(OUTPUT ${page} COMMAND ${npm} run --silent build
                     DEPENDS ${installed} ${web}/build.mjs ${web}/package.json ${page_sources} WORKING_DIRECTORY ${web} VERBATIM)
endif()

set(PAGE_SOURCE ${CMAKE_CURRENT_BINARY_DIR}/page_bytes.cpp)
add_custom_command(OUTPUT ${PAGE_SOURCE}
                   COMMAND ${CMAKE_COMMAND} -D PAGE=${page} -D SOURCE=${PAGE_SOURCE} -P ${CMAKE_CURRENT_LIST_DIR}/page_bytes.cmake
                   DEPENDS ${page} ${CMAKE_CURRENT_LIST_DIR}/page_bytes.cmake VERBATIM)
