#include "cli/cli.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {
namespace {

constexpr int failed = 1, wrong = 2;

int complain(int status, std::string message) {
  std::ranges::replace(message, '\n', ' ');
  fmt::print(stderr, "basin: {}\n", message);
  return status;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// Reports what the parser could not place: an unknown verb or option, or one argument too many.
[[noreturn]] void refuse(const CLI::App& app, const std::string& extra, const std::vector<Verb>& all) {
  const bool root = app.get_parent() == nullptr;
  if (extra.starts_with("-")) {
    const std::string option = extra.substr(0, extra.find('='));
    throw InputError(unknown("option", option, option_names(app)) +
                     fmt::format(" (basin {}--help shows all)", root ? "" : app.get_name() + " "));
  }
  if (!root)
    throw InputError(fmt::format("'{}' is one argument too many for basin {}", extra, app.get_name()));
  std::vector<std::string> names;
  for (const Verb& verb : all) names.push_back(verb.name);
  throw InputError(unknown("verb", extra, names));
}

// Reports the most informative extra: `--epohcs 3` also leaves the 3.
void check_extras(const CLI::App& app, const std::vector<Verb>& all) {
  const std::vector<std::string> extras = app.remaining();
  if (extras.empty()) return;
  const bool in_verb = app.get_parent() != nullptr;
  const auto option = std::ranges::find_if(extras, [](const std::string& e) { return e.starts_with("-"); });
  refuse(app, in_verb && option != extras.end() ? *option : extras.front(), all);
}

// Nearly all of the parser's own errors are of one kind: an option with too few or too many values.
InputError translated(const CLI::ParseError& error) {
  const std::string what = error.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) == nullptr) return InputError(what);
  const std::string option = what.substr(0, what.find(':'));
  const bool too_many = what.find("At Most") != std::string::npos;
  return InputError(option + (too_many ? ": it is given more than once" : ": a value is missing after it"));
}

struct Parser {
  CLI::App app{
      "basin finds the low ground for a neural network: it compares optimizers on real networks and data."};
  std::vector<std::pair<CLI::App*, Action>> actions;

  explicit Parser(const std::vector<Verb>& all) {
    app.name("basin");
    app.set_version_flag("--version", "basin " BASIN_VERSION);
    app.allow_extras();
    app.footer(
        "basin VERB --help tells more. Start with: basin compare fmnist-cnn --epochs 3 --train-size 20000\n\n"
        "Exit status: 0 done (that a trial diverged is a result); 1 failed, or a trial or a test failed, or "
        "the\n"
        "output could not be written; 2 the call or a file was wrong; 130 interrupted");
    for (const Verb& verb : all) {
      CLI::App* sub = app.add_subcommand(verb.name, verb.summary);
      sub->allow_extras();
      sub->footer("Example:\n  " + verb.example);
      actions.emplace_back(sub, verb.declare(*sub));
    }
  }
};

// What stands after -- is a command, whatever it looks like: each of its words becomes --command=WORD.
std::vector<std::string> words_of(int argc, const char* const* argv) {
  std::vector<std::string> out;
  bool command = false;
  for (int i = 1; i < argc; ++i) {
    const bool begins = !command && std::string_view(argv[i]) == "--";
    if (!begins) out.push_back((command ? "--command=" : "") + std::string(argv[i]));
    command = command || begins;
  }
  std::ranges::reverse(out);  // as the parser takes them
  return out;
}

int run_verb(int argc, const char* const* argv) {
  const std::vector<Verb> all = verbs();
  Parser parser(all);
  try {
    parser.app.parse(words_of(argc, argv));
  } catch (const CLI::Success& asked) {  // --help, --version
    return parser.app.exit(asked);
  } catch (const CLI::ParseError& error) {
    throw translated(error);
  }
  check_extras(parser.app, all);
  for (const auto& [sub, action] : parser.actions) {
    if (!sub->parsed()) continue;
    check_extras(*sub, all);
    return action();
  }
  fmt::print("{}", parser.app.help());
  return 0;
}

// Opens the standard descriptors that are closed. Otherwise the next file to be opened would get one and be
// printed to. Here, writing fails and reading finds nothing.
void fill_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    [[maybe_unused]] const int same = ::open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
  }
}

int cannot_print(const std::string& why) { return complain(failed, "standard output: " + why); }

// Flushes what was printed, and reports a write that failed earlier.
int flushed(int status) {
  const bool written = std::ferror(stdout) == 0;
  if (std::fflush(stdout) != 0)
    cannot_print(std::strerror(errno));
  else if (!written)
    cannot_print("part of it could not be written");
  else
    return status;
  return status == 0 ? failed : status;
}

}  // namespace

CLI::Option* argument(CLI::App& app, const std::string& name, std::string& target, const std::string& help) {
  return app.add_option(
                name, [&target](const CLI::results_t& r) { return target = r[0], true; }, help)
      ->default_str(target);
}

CLI::Option* argument(CLI::App& app, const std::string& name, std::optional<std::string>& target,
                      const std::string& help) {
  return app.add_option(name, [&target](const CLI::results_t& r) { return target = r[0], true; }, help);
}

int run(int argc, const char* const* argv) {
  fill_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a reader that left is reported like a full disk
  try {
    return flushed(run_verb(argc, argv));
  } catch (const InputError& error) {
    return complain(wrong, error.what());
  } catch (const std::system_error& error) {
    return std::ferror(stdout) != 0 ? cannot_print(error.code().message()) : complain(failed, error.what());
  } catch (const std::exception& error) {
    return complain(failed, error.what());
  }
}

}  // namespace basin::cli
