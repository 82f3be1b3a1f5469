// Any text: refused, or schedules whose own text means the same, with factors that are numbers.
#include <cmath>
#include <string_view>

#include "basin/core/error.hpp"
#include "basin/schedules/text.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace basin;
  const RunLength run{.total = 1000, .per_epoch = 100};
  try {
    for (const KnobSchedule& each : parse_schedules({reinterpret_cast<const char*>(data), size})) {
      const Schedule again = Schedule::parse(each.schedule.text());
      require(again.text() == each.schedule.text(), "its text is the text of what it means");
      for (const std::int64_t step : {0, 1, 99, 500, 999, 1000, 5000}) {
        const double factor = each.schedule.factor(step, run);
        require(!std::isnan(factor), "a factor is a number");
        require(factor == again.factor(step, run), "and that of its text");
      }
    }
  } catch (const InputError&) {
  }
  return 0;
}
