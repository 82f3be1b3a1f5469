// The executable `basin`.
#include "cli/cli.hpp"

int main(int argc, char** argv) { return basin::cli::run(argc, argv); }
