// basin-worker: runs the built-in problems.
#include "basin/worker/worker.hpp"

int main(int argc, char** argv) { return basin::worker_main(argc, argv); }
