"""Runs a program made with Google Benchmark, and reads what it measured."""
import json
import os
import subprocess
import sys


def medians(program, repetitions, only, min_time, environment=None):
    """Medians by name, as {"cpu_time": ns, "real_time": ns, "weights": ..., "tensors": ...}."""
    done = subprocess.run(
        [program, f"--benchmark_filter={only}", f"--benchmark_repetitions={repetitions}", f"--benchmark_min_time={min_time}",
         "--benchmark_enable_random_interleaving=true", "--benchmark_report_aggregates_only=true", "--benchmark_format=json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
    if done.returncode != 0:
        sys.exit(f"{program} exited with {done.returncode}: {done.stderr.strip()}")
    rows = json.loads(done.stdout)["benchmarks"]
    return {row["run_name"].removesuffix("/real_time"): row for row in rows if row["aggregate_name"] == "median"}
