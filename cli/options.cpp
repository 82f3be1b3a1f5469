#include "cli/options.hpp"

#include <algorithm>
#include <limits>

#include "basin/core/error.hpp"
#include "basin/data/augmentation.hpp"
#include "basin/network/groups.hpp"
#include "basin/network/initializers.hpp"
#include "basin/network/regularization.hpp"
#include "basin/schedules/text.hpp"
#include "cli/command_line.hpp"
#include "cli/study_file.hpp"

namespace basin::cli {
namespace {

using app::Request;
using app::SearchRequest;
using study::Settings;
using Verbs = std::vector<std::string_view>;
const Verbs seeding{"compare", "tune", "ask", "train", "lr-find"},
    every{"compare", "tune", "train", "lr-find"}, studies{"compare", "tune", "train"},
    single{"train", "lr-find"}, comparing{"compare", "tune"}, listing{"compare"}, tuning{"tune"},
    searching{"tune", "ask"}, asking{"ask"}, training{"train"}, finding{"lr-find"};

void on_or_off(const std::string& text) {
  if (text != "on" && text != "off") throw InputError("--normalize: '" + text + "' is not on or off");
}

// An option has two lines if verbs name or describe it differently.
const std::vector<Option>& table() {
  static const std::vector<Option> all{
      {"problem", every, 1, text(&Request::problem, Form::positional),
       "a problem of basin list problems or of --worker, a problem file, or data: housing.csv"},
      {"predict", every, 27, names_with_commas(&Request::predict),
       "of data: the columns to predict, with commas between"},
      {"optimizers", comparing, 2, optimizers("sgd,momentum,rmsprop,adam"),
       "optimizers, with commas between; all; links before and after: clip_norm:1+adam"},
      {"optimizer", single, 2, optimizers("adam"), "the optimizer"},
      {"from", finding, 0, real_number(&RangeTest::from, domain::positive), "the first rate"},
      {"to", finding, 0, real_number(&RangeTest::to, domain::positive), "the last rate"},
      {"steps", finding, 0, whole_number(&RangeTest::steps, 10, 1'000'000),
       "rates in between, by equal ratios; one step each"},
      {"lr", listing, 4, rates(),
       "learning rates; default for each optimizer's own; when left out, five round it are searched, and the "
       "best runs with fresh seeds"},
      {"search", searching, 28, texts(&SearchRequest::spaces),
       "what is searched: adam.lr=1e-5..1e-1, batch_size=32,64,128, init=default,he_normal; rate and weight "
       "decay when left out (may be given again)"},
      {"sampler", searching, 30, text(&SearchRequest::sampler),
       "what chooses the trials (basin list samplers)"},
      {"pruner", tuning, 31, text(&SearchRequest::pruner),
       "what ends trials that promise little (basin list pruners)"},
      {"trials", searching, 29, whole_number(&SearchRequest::trials, 1, 100'000),
       "of each optimizer, its default setting first"},
      {"finalists", searching, 32, whole_number(&SearchRequest::finalists, 0, 10'000),
       "fresh seeds with which what was selected is run and compared"},
      {"audit", tuning, 33, real_number(&SearchRequest::audit, domain::fraction),
       "fraction of the pruned trials that run to their end all the same, to see what pruning cost"},
      {"lag", searching, 34, whole_number(&SearchRequest::lag, 1, 1024),
       "trial k is chosen from the results of trials up to k - LAG: at most LAG run at once"},
      {"lr", training, 4, rates(), "the learning rate; the optimizer's own default when left out"},
      {"batch-size", comparing, 5, batch_sizes(), "batch sizes; the problem's own when left out"},
      {"batch-size", single, 5, batch_sizes(), "the batch size; the problem's own when left out"},
      {"init", comparing, 6, words_with_commas("init", nn::Initialization::parse), "initializers"},
      {"init", single, 6, words_with_commas("init", nn::Initialization::parse), "the initializer"},
      {"design", listing, 13, text(&Request::design),
       "ofat: one factor at a time round the first value of each list; grid: all"},
      {"seeds", listing, 15, whole_number(&Request::seeds, 1, 10'000),
       "replicates of each configuration, paired across all; 3 if the rate is searched and this is left out"},
      {"train-size", every, 17, whole_number(&Settings::train_size, 1, largest),
       "training examples to use; all when left out"},
      {"metric", searching, 35, plain_text(&Program::metric),
       "of a program: what it reports and its direction, 'val_loss min'"},
      {"read", tuning, 36, texts(&Program::read),
       "of a program: a pattern that finds metrics in its output, 'val loss: (?<val_loss>\\S+)'; lines of "
       "JSON "
       "need none (may be given again)"},
      {"time-limit", tuning, 37, seconds(&Program::time_limit),
       "of a program: seconds of one trial; 0 for none"},
      {"grace", tuning, 38, seconds(&Program::grace),
       "of a program: seconds between asking a trial to stop and killing it"},
      {"command", tuning, 100, texts(&Program::command, Form::rest),
       "a program to tune in the place of a problem, word by word; or put it at the end, after --"},
      {"set", every, 12, knob_values(),
       "values of any other knob: adam.beta2=0.99,0.999; adam.dialect=keras (may be given again)"},
      {"regularize", every, 9, repeated_words("regularize", nn::parse_regularization),
       "'l1 1e-5, l2 1e-4, label_smoothing 0.1, max_norm 3, dropout 0.5, ema 0.999, sam 0.05' or none (may "
       "be given again)"},
      {"augment", every, 10, repeated_words("augment", data::parse_augmentation),
       "'flip 0.5, crop 4, cutout 8, mixup 0.2' or none (may be given again)"},
      {"groups", every, 11, repeated_words("groups", nn::parse_groups),
       "'norm bias: weight_decay 0; head: lr 0.1x' or none (basin list roles; may be given again)"},
      {"normalize", every, 7, words_with_commas("normalize", on_or_off),
       "inputs of mean 0 and variance 1: on or off"},
      {"clip", every, 3, real_number(&OptimizerOptions::clip, domain::limit),
       "clip gradients to this global norm before every optimizer"},
      {"seed", seeding, 16, whole_number(&Settings::seed, 0, std::numeric_limits<std::int64_t>::max()),
       "of the study: initial weights, split and order follow from it"},
      {"threads", every, 22, whole_number(&Settings::threads, 1, 1024), "threads of one trial"},
      {"data-dir", every, 26, path(&Request::data_dir), "the only folder to look for data in"},
      {"worker", every, 25, path(&Request::worker), "the program that runs trials, with problems of its own"},
      {"epochs", studies, 14, whole_number(&Settings::epochs, 1, 1'000'000),
       "the budget of each trial; the problem's own when left out"},
      {"schedule", studies, 8, repeated_words("schedule", parse_schedules),
       "what the rate is multiplied by: 'warmup 500, cosine' (basin list schedules; may be given again)"},
      {"micro-batch", studies, 18, whole_number(&Settings::micro_batch, 1, largest),
       "examples that are run at once, their gradients added up to a batch; the whole batch when left out"},
      {"patience", studies, 19, patience(),
       "stop a trial after so many epochs without a better validation loss"},
      {"plateau", studies, 20, plateau(),
       "lower the rate on a plateau: FACTOR,PATIENCE (0.1,10) as Keras does, or 0.1,10,pytorch"},
      {"jobs", studies, 21, whole_number(&Request::jobs, 1, 1024),
       "trials that run at once; all cores when left out"},
      {"out", studies, 0, path(&Request::out), "the folder to write; a new runs/NAME-N when left out"},
      {"resume", studies, 0, flag(&Request::resume),
       "run only what is missing in --out, trials from their last checkpoint"},
      {"checkpoint-every", studies, 23, real_number(&Request::checkpoint_every, domain::amount),
       "seconds between the checkpoints of a trial; Ctrl-C writes one, too"},
      {"stalled-after", studies, 24, real_number(&Request::stalled_after, app::longest_silence),
       "seconds without a sign of life after which a worker is killed and its trial fails; 0 for never"},
      {"dry-run", studies, 0, flag(&Asked::dry_run),
       "show the trials and an estimate of the time, write nothing"},
      {"json", studies, 0, flag(&Asked::json),
       "print the study document on standard output, and nothing else"},
      {"json", asking, 0, flag(&Asked::json), "one JSON object on standard output"},
      {"json", finding, 0, flag(&Asked::json), "one JSON document on standard output"}};
  return all;
}

// A program takes the place of a problem, and needs a metric.
void check_program(const Given& given, const Request& request) {
  if (!request.program) return;
  if (!given.contains("command"))
    throw InputError(
        "--metric, --read, --time-limit and --grace are of a program; put its command at the end: "
        "-- python3 train.py --lr {lr}");
  if (given.contains("problem"))
    throw InputError("a problem or a program can be tuned, not both: " + given.at("problem").front() +
                     " and " + request.program->command.front());
  if (!given.contains("metric"))
    throw InputError(
        "--metric is missing: which of the numbers that the program reports ranks, and in which "
        "direction? write it like --metric 'val_loss min'");
}

// Comparing optimizers at the rates of their papers compares the papers' problems with this one.
void search_rates(const std::string& verb, const Given& given, Request& request) {
  const auto sets_rate = [](const study::KnobValues& knob) { return knob.knob == "lr"; };
  if (verb != "compare" || given.contains("lr") || std::ranges::any_of(request.arms.knobs, sets_rate)) return;
  constexpr int rates = 5, fresh_seeds = 3;
  request.search = {.rates = true,
                    .sampler = "grid",
                    .trials = rates,
                    .finalists = given.contains("seeds") ? request.seeds : fresh_seeds};
}

void declare(CLI::App& app, const Option& option, Given& given) {
  const std::string name = (option.setting.form == Form::positional ? "" : "--") + option.name;
  if (option.setting.form == Form::flag) {
    app.add_flag_callback(name, [&given, key = option.name] { given[key] = {}; }, option.help);
    return;
  }
  const auto take = [&given, key = option.name](const CLI::results_t& texts) {
    given[key] = texts.empty() ? std::vector<std::string>{""} : texts;
    return true;
  };
  CLI::Option* const added = app.add_option(name, take, option.help);
  if (option.setting.form == Form::bare) added->expected(0, 1);
  if (option.setting.form == Form::repeated || option.setting.form == Form::rest)
    added->type_name("TEXT")->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args(false);
  if (!option.setting.usual.empty()) added->default_str(option.setting.usual);
}

// Puts the options of a study file under those that are typed.
Given with_file(const std::string& verb, const Given& typed) {
  const auto problem = typed.find("problem");
  if (problem == typed.end() || !is_study_file(problem->second.front())) return typed;
  Given out = read_study_file(problem->second.front(), verb);
  for (const auto& [name, texts] : typed)
    if (name != "problem") out[name] = texts;
  return out;
}

}  // namespace

std::vector<Option> options_of(std::string_view verb) {
  std::vector<Option> out;
  for (const Option& option : table())
    if (std::ranges::find(option.verbs, verb) != option.verbs.end()) out.push_back(option);
  return out;
}

void declare_options(CLI::App& app, Given& given) {
  for (const Option& option : options_of(app.get_name())) declare(app, option, given);
}

Asked asked(const std::string& verb, const Given& call) {
  const Given given = with_file(verb, call);
  Asked out;
  for (const Option& option : options_of(verb)) {
    Typed typed{.verb = verb,
                .option = "--" + option.name,
                .lists = verb == "compare" || verb == "tune",
                .texts = {}};
    if (const auto found = given.find(option.name); found != given.end())
      typed.texts = found->second;
    else if (!option.setting.usual.empty())
      typed.texts = {option.setting.usual};
    else
      continue;
    option.setting.fill(out, typed);
  }
  if (verb != "ask") check_program(given, out.request);
  apply(out.optimizers, out.request.arms);
  search_rates(verb, given, out.request);
  out.request.command = command_line(verb, given);
  out.request.file = study_file(verb, given);
  return out;
}

}  // namespace basin::cli
