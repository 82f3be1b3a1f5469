// The page: one self-contained HTML file that shows one study; built from web/ and compiled in (page.cmake).
#pragma once
#include <string>
#include <string_view>

namespace basin::report {

// The built page, with "@STUDY@" once, in place of a study document.
std::string_view page_template();

// Returns the page that shows `study_json`, a study document (docs/formats.md). Thread-safe; about 0.6 MB
// plus the document.
std::string page_with(std::string_view study_json);

}  // namespace basin::report
