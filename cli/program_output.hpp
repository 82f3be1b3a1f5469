// Runs a program and takes what it prints.
#pragma once
#include <chrono>
#include <filesystem>
#include <string>

namespace basin::cli {

struct ProgramOutput {
  int status = 0;    // of waitpid
  std::string text;  // standard output, the first 16 MiB
};

// Standard input is empty, standard error is thrown away. A program that takes longer than `longest` is
// killed. Throws Error when it cannot be started or takes longer.
ProgramOutput output_of(const std::filesystem::path& program, const std::string& argument,
                        std::chrono::milliseconds longest);

}  // namespace basin::cli
