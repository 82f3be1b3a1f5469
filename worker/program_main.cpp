// basin-program-worker: runs programs in any language as trials.
#include "basin/program/worker.hpp"

int main(int argc, char** argv) { return basin::program::worker_main(argc, argv); }
