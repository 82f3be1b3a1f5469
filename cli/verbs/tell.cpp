// basin tell: the result of a trial that basin ask gave.
#include <limits>
#include <memory>

#include "basin/app/ask_tell.hpp"
#include "cli/values.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {

Verb tell() {
  return {"tell", "The result of a trial that basin ask gave", "basin tell my-study 7 --value 0.21",
          [](CLI::App& app) -> Action {
            const auto folder = std::make_shared<std::optional<std::string>>(),
                       trial = std::make_shared<std::optional<std::string>>(),
                       value = std::make_shared<std::optional<std::string>>();
            argument(app, "dir", *folder, "the folder of the study");
            argument(app, "trial", *trial, "the number that basin ask printed");
            argument(app, "--value", *value, "of the metric; nan if it diverged");
            return [=] {
              const auto number = whole("TRIAL", wanted("TRIAL", *trial), 0, std::numeric_limits<int>::max());
              app::tell({wanted("DIR", *folder)}, static_cast<int>(number),
                        cli::number("--value", wanted("--value", *value)));
              return 0;
            };
          }};
}

}  // namespace basin::cli
