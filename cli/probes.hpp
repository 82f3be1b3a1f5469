// How fast this machine is, in a fraction of a second: what a trial waits for, beside the arithmetic.
#pragma once

namespace basin::cli {

struct MemoryProbe {
  double bytes_per_second =
      0;  // four streams read and three of them written, as a step of AdamW does; one thread
  double seconds_per_fault = 0;  // the first write to a page of 4 KiB
};

// Best of several passes over 128 MiB, larger than most caches. Cost: 0.3 s.
MemoryProbe probe_memory();

}  // namespace basin::cli
