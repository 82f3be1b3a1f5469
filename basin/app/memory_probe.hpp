// The speed of this machine, measured in a fraction of a second: what limits a trial besides arithmetic.
#pragma once

namespace basin::app {

struct MemoryProbe {
  double bytes_per_second =
      0;  // four streams read and three of them written, as a step of AdamW does; one thread
  double seconds_per_fault = 0;  // the first write to a page of 4 KiB
};

// Takes the best of several passes over 128 MiB, more than most caches hold. Cost: 0.3 s.
MemoryProbe probe_memory();

}  // namespace basin::app
