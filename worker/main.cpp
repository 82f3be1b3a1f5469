// basin-worker: runs the problems that basin brings along.
#include "basin/worker/worker.hpp"

int main(int argc, char** argv) { return basin::worker_main(argc, argv); }
