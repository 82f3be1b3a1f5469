// What a file is if it is not data that basin reads.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace basin::data {

// Describes the file of this name, from its beginning: "a web page", "a program (its name ends with .py)";
// empty if nothing speaks against data.
std::string foreign_kind(const std::filesystem::path& name, std::string_view beginning);

}  // namespace basin::data
