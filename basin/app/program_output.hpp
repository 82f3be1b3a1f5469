// Runs a program and captures its output.
#pragma once
#include <chrono>
#include <filesystem>
#include <string>

namespace basin::app {

struct ProgramOutput {
  int status = 0;    // from waitpid
  std::string text;  // standard output, the first 16 MiB
};

// Standard input is empty, and standard error is discarded. Kills a program that takes longer than `longest`.
// Throws Error if it cannot be started or takes longer.
ProgramOutput output_of(const std::filesystem::path& program, const std::string& argument,
                        std::chrono::milliseconds longest);

}  // namespace basin::app
