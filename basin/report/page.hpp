// The page: one HTML file that shows one study, complete in itself; built from web/ and compiled in (page.cmake).
#pragma once
#include <string>
#include <string_view>

namespace basin::report {

// The built page, with "@STUDY@" once, where a study document goes.
std::string_view page_template();

// The page that shows `study_json`, a study document (docs/formats.md). Thread-safe; about 0.6 MB and the document.
std::string page_with(std::string_view study_json);

}  // namespace basin::report
