// basin doctor: describes this machine and its speed, and says what is wrong with it and how to fix that.
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <memory>

#include "basin/app/machine_faults.hpp"
#include "basin/app/units.hpp"
#include "cli/interrupt.hpp"
#include "cli/slow_notice.hpp"
#include "cli/text_table.hpp"
#include "cli/values.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {
namespace {

using Document = nlohmann::ordered_json;

struct Arguments {
  std::optional<std::string> worker, data_dir;
  bool json = false;
};

std::string bytes(double value) {
  return std::isfinite(value) ? app::bytes_text(static_cast<std::int64_t>(value)) : "n/a";
}

std::string cores_text(const app::Machine& m) {
  const std::string quota = std::isfinite(m.capacity.quota)
                                ? fmt::format("a CPU quota of {:.3g}", m.capacity.quota)
                                : std::string("no CPU quota");
  return fmt::format("{:.0f} by affinity, {}: {} worker{} at once", m.capacity.cores, quota, m.workers,
                     m.workers == 1 ? "" : "s");
}

// "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...": the first two words, and threads.
std::string blas_text(const app::WorkerState& w) {
  const std::size_t name = w.blas.find(' ');
  std::string out = w.blas.substr(0, name == std::string::npos ? name : w.blas.find(' ', name + 1));
  if (w.blas_threads)
    out += fmt::format(", {} thread{} in a worker", *w.blas_threads, *w.blas_threads == 1 ? "" : "s");
  return out;
}

std::string data_text(const app::Machine& m) {
  std::string out;
  for (const app::DataPlace& d : m.data) {
    const char* state = d.place.empty() ? "not found" : d.wrong.empty() ? "found" : "damaged";
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", d.set, state);
  }
  return out;
}

void print_machine(const app::Machine& m) {
  const auto line = [](const char* what, const std::string& text) {
    fmt::print("  {:<10} {}\n", what, text);
  };
  const auto text = [&](const char* key) { return m.environment.at(key).get<std::string>(); };
  fmt::print("basin {}, {} build, {}\n\n", text("basin"), m.build, text("compiler"));
  line("system", text("system"));
  line("processor", fmt::format("{}, {} loops", text("processor"), m.isa));
  line("cores", cores_text(m));
  line("memory", fmt::format("{}, {} of it free", bytes(m.environment.at("memory_bytes").get<double>()),
                             bytes(m.capacity.memory)));
  line("disk", fmt::format("{} free of {}", bytes(m.disk_free), bytes(m.disk_size)));
  if (m.worker) {
    line("worker", m.worker->path);
    line("libtorch", m.worker->libtorch);
    line("BLAS", blas_text(*m.worker));
    line("allocator",
         m.worker->keeps_freed_memory ? "the worker keeps freed memory" : "freed memory is returned");
  } else {
    line("worker", "none");
  }
  line("data", data_text(m));
}

void print_probes(const app::Machine& m) {
  std::vector<std::vector<std::string>> rows{
      {"streams of an AdamW step, 4 read and 3 written",
       fmt::format("{:.1f} GB/s", m.memory.bytes_per_second / 1e9)},
      {"first write to a page of 4 KiB", fmt::format("{:.2f} us", 1e6 * m.memory.seconds_per_fault)}};
  if (m.worker)
    rows.push_back({"product of 512 x 512 matrices", fmt::format("{:.0f} GFLOP/s", m.worker->gemm_gflops)});
  fmt::print("\n{}", text_table({{"one thread"}, {"measured", Align::right}}, rows));
}

void print_faults(const std::vector<app::Fault>& found) {
  if (found.empty()) {
    fmt::print("\nNothing is wrong.\n");
    return;
  }
  fmt::print("\n{}:\n",
             found.size() == 1 ? "One thing is wrong" : fmt::format("{} things are wrong", found.size()));
  for (const app::Fault& f : found) fmt::print("\n  {}\n    -> {}\n", f.wrong, f.remedy);
}

Document number(double value) { return std::isfinite(value) ? Document(value) : Document(nullptr); }

Document worker_json(const std::optional<app::WorkerState>& w) {
  if (!w) return nullptr;
  return {{"path", w->path},
          {"libtorch", w->libtorch},
          {"blas", w->blas},
          {"blas_threads", w->blas_threads ? Document(*w->blas_threads) : Document(nullptr)},
          {"threads", w->threads},
          {"build", w->build},
          {"keeps_freed_memory", w->keeps_freed_memory}};
}

Document document(const app::Machine& m, const std::vector<app::Fault>& found) {
  Document data = Document::object(), variables = Document::object(), wrong = Document::array();
  for (const app::DataPlace& d : m.data)
    data[d.set] = d.place.empty() ? Document(nullptr) : Document(d.place);
  for (const auto& [name, value] : m.variables) variables[name] = value;
  for (const app::Fault& f : found) wrong.push_back({{"wrong", f.wrong}, {"remedy", f.remedy}});
  return {{"format", "basin-doctor"},
          {"version", 1},
          {"environment", m.environment},
          {"build", m.build},
          {"cores",
           {{"affinity", m.capacity.cores}, {"quota", number(m.capacity.quota)}, {"workers", m.workers}}},
          {"memory_free_bytes", number(m.capacity.memory)},
          {"disk", {{"free_bytes", m.disk_free}, {"size_bytes", m.disk_size}}},
          {"variables", variables},
          {"data", data},
          {"worker", worker_json(m.worker)},
          {"probes",
           {{"stream_gb_per_second", m.memory.bytes_per_second / 1e9},
            {"page_fault_us", 1e6 * m.memory.seconds_per_fault},
            {"gemm_gflops", m.worker ? Document(m.worker->gemm_gflops) : Document(nullptr)}}},
          {"wrong", wrong}};
}

app::Machine examined(const Arguments& a) {
  const SlowNotice notice("examining the machine ...", stderr);
  const Interrupt interrupt;
  const auto data_dir = kept_path_of("--data-dir", a.data_dir);
  return app::examine_machine(kept_path_of("--worker", a.worker), data_dir, interrupt.token());
}

int run(const Arguments& a) {
  const app::Machine machine = examined(a);
  if (machine.interrupted) return 130;
  const std::vector<app::Fault> found = app::faults_of(machine);
  if (a.json) {
    fmt::print("{}\n", document(machine, found).dump(2, ' ', false, Document::error_handler_t::replace));
  } else {
    print_machine(machine);
    print_probes(machine);
    print_faults(found);
  }
  return found.empty() ? 0 : 1;
}

}  // namespace

Verb doctor() {
  return {"doctor", "This machine: its speed, what is wrong with it and how to fix it", "basin doctor",
          [](CLI::App& app) -> Action {
            const auto arguments = std::make_shared<Arguments>();
            argument(app, "--worker", arguments->worker, "the program that runs trials; basin-worker");
            argument(app, "--data-dir", arguments->data_dir, "look for data sets only here");
            app.add_flag("--json", arguments->json, "one JSON document on standard output");
            return [arguments] { return run(*arguments); };
          }};
}

}  // namespace basin::cli
