#include "basin/problems/detect.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/data/readers/csv_summary.hpp"
#include "basin/data/readers/detect.hpp"
#include "basin/storage/file.hpp"

namespace basin {
namespace {

namespace fs = std::filesystem;
using data::CsvColumn;
using data::CsvTable;

// A budget of about this many examples in all, so that an answer takes minutes, not hours.
constexpr double most_examples = 1'000'000;

int epochs_for(std::size_t examples, double budget = most_examples) {
  return static_cast<int>(
      std::clamp(std::round(budget / static_cast<double>(std::max<std::size_t>(examples, 1))), 5.0, 100.0));
}

// "adult-train.csv" -> "adult-test.csv", "a9a" -> "a9a.t"; empty if there is none.
std::string test_file_of(const fs::path& file) {
  std::string name = file.filename().string();
  const auto there = [&](const std::string& other) {
    return storage::is_there(file.parent_path() / other) ? (file.parent_path() / other).string() : "";
  };
  if (const auto at = name.rfind("train"); at != std::string::npos) return there(name.replace(at, 5, "test"));
  return there(name + ".t");
}

// A name for a problem: letters, digits and dashes.
std::string name_of(const fs::path& path) {
  const fs::path whole = fs::absolute(path).lexically_normal();
  std::string out = (whole.has_filename() ? whole : whole.parent_path()).filename().string();
  out = out.substr(0, out.find('.'));
  for (char& c : out)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_') c = '-';
  return out.empty() ? "data" : out;
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

// Takes the test file beside a file, if there is one.
void take_test_file(DetectedProblem& out) {
  data::Source& source = *out.problem.source;
  source.test_file = test_file_of(source.file);
  if (!source.test_file.empty())
    out.seen += "the test is " + fs::path(source.test_file).filename().string() + ", which is beside it\n";
}

void judge_classes(Problem& problem, std::size_t classes) {
  problem.loss = "cross_entropy";
  problem.metric = classes == 2 ? "auc" : "accuracy";
  problem.metrics =
      classes == 2 ? Names{"accuracy", "f1", "log_loss"} : Names{"balanced_accuracy", "log_loss"};
}

void judge_values(Problem& problem) {
  problem.loss = "mse";
  problem.metric = "rmse";
  problem.metrics = {"mae", "r2"};
}

// --- tables

// Numbers stand for classes if there are two of them.
bool is_class(const CsvColumn& column) { return !column.numeric || data::summary(column).distinct == 2; }

std::string perceptron(std::size_t rows) {
  const std::string units = rows < 2000 ? "32" : rows < 200'000 ? "64" : "128";
  return "linear " + units + ", relu, linear " + units + ", relu, linear outputs";
}

// Dates in one column, each once, and numbers in the others.
bool is_series(const CsvTable& table) {
  std::size_t dates = 0, numbers = 0;
  for (const CsvColumn& column : table.columns) {
    numbers += column.numeric;
    dates += !column.numeric && column.categories.size() == table.rows;
  }
  return numbers > 0 && dates == 1 && numbers + dates == table.columns.size();
}

data::Names numbers_in(const CsvTable& table) {
  data::Names out;
  for (const CsvColumn& column : table.columns)
    if (column.numeric) out.push_back(column.name);
  return out;
}

void make_series(const CsvTable& table, DetectedProblem& out) {
  Problem& p = out.problem;
  data::Source& source = *p.source;
  source.kind = "series", source.targets = "values";
  source.window = static_cast<std::int64_t>(std::clamp<std::size_t>(table.rows / 20, 4, 48));
  source.test = 0.1;
  out.seen += "a series: the next " + listed(numbers_in(table)) + " from the " +
              std::to_string(source.window) + " steps before\n";
  p.layers = "lstm 32, last, linear outputs";
  judge_values(p);
  p.epochs = epochs_for(table.rows, 200'000);
  p.batch_size = 32;
  p.images_per_second = 3000;
}

void make_table(const CsvTable& table, const data::Names& predict, DetectedProblem& out) {
  Problem& p = out.problem;
  data::Source& source = *p.source;
  if (predict.empty())
    throw InputError(source.file + ": which column is to be predicted? add --predict with one of " +
                     listed(names_of(table)));
  source.predict = predict;
  take_test_file(out);
  const CsvColumn& target = column_of(table, predict.front(), source.file);
  for (const std::string& name : predict) column_of(table, name, source.file);
  const bool classes = predict.size() == 1 && is_class(target);
  source.targets = classes ? "classes" : "values";
  if (classes)
    judge_classes(p, data::summary(target).distinct);
  else
    judge_values(p);
  p.layers = perceptron(table.rows);
  p.epochs = epochs_for(table.rows);
  p.images_per_second = 100'000;
}

void look_at(const CsvTable& table, const data::Names& predict, DetectedProblem& out) {
  const data::CsvSummary seen = data::summary(table);
  out.seen = counted(table.rows, "row", "rows") + ": " + seen.text() + "\n";
  for (const data::CsvColumnSummary& column : seen.columns) {
    if (column.constant()) out.seen += column.name + " is the same everywhere: left out\n";
    if (column.all_missing()) out.seen += column.name + " has no value: left out\n";
    if (column.missing > 0 && !column.all_missing() && column.numeric)
      out.seen +=
          std::to_string(column.missing) + " missing in " + column.name + ": filled with the median\n";
  }
  if (predict.empty() && is_series(table))
    make_series(table, out);
  else
    make_table(table, predict, out);
}

// --- other kinds

void look_at(const data::SparseRows& rows, const data::Names&, DetectedProblem& out) {
  Problem& p = out.problem;
  data::Source& source = *p.source;
  const std::set<double> labels(rows.labels.begin(), rows.labels.end());
  const bool whole = std::ranges::all_of(labels, [](double v) { return v == std::floor(v); });
  const std::size_t in_row = (rows.values.size() + rows.rows() / 2) / std::max<std::size_t>(rows.rows(), 1);
  out.seen = counted(rows.rows(), "row", "rows") + ", " +
             counted(static_cast<std::size_t>(rows.width), "column", "columns") + ", " +
             counted(in_row, "value", "values") + " in a row, " +
             counted(labels.size(), "label", "different labels") + "\n";
  take_test_file(out);
  if (whole && labels.size() <= 100) {
    judge_classes(p, labels.size());
    if (labels.size() == 2) p.metric = "accuracy", p.metrics = {"auc", "log_loss"};
  } else {
    source.targets = "values";
    judge_values(p);
  }
  p.layers = "sparse-linear outputs";
  p.epochs = epochs_for(rows.rows());
  p.images_per_second = 100'000;
}

void look_at(const data::TextCorpus& text, const data::Names&, DetectedProblem& out) {
  Problem& p = out.problem;
  data::Source& source = *p.source;
  source.test = 0.05, source.validation = 0.05;
  const std::size_t size = text.ids.size();
  source.window = static_cast<std::int64_t>(std::clamp<std::size_t>(size / 400, 8, 64));
  out.seen =
      std::to_string(size) + " characters, " + std::to_string(text.symbols.size()) + " different ones\n";
  p.layers = "embedding 64, lstm 128, linear outputs";
  p.loss = "cross_entropy", p.metric = "log_loss", p.metrics = {"perplexity", "bits_per_char", "accuracy"};
  p.batch_size = 32;
  p.epochs = epochs_for(size / static_cast<std::size_t>(source.window), 100'000);
  p.images_per_second = 300;
}

void make_images(const data::PictureShape& shape, std::size_t count, std::size_t classes,
                 DetectedProblem& out) {
  Problem& p = out.problem;
  out.seen += counted(count, "picture", "pictures") + " of " + std::to_string(shape.height) + "x" +
              std::to_string(shape.width) + "x" + std::to_string(shape.channels) + ", " +
              std::to_string(classes) + " classes\n";
  std::int64_t edge = std::min(shape.height, shape.width), units = 16;
  for (; edge >= 8 && units <= 64; edge /= 2, units *= 2)
    p.layers += "conv " + std::to_string(units) + " 3x3 same, relu, max-pool 2, ";
  for (; edge >= 16; edge /= 2) p.layers += "max-pool 2, ";
  p.layers += "flatten, linear 64, relu, linear outputs";
  p.loss = "cross_entropy", p.metric = "accuracy", p.metrics = {"balanced_accuracy", "log_loss"};
  p.epochs = epochs_for(count, 200'000);
  p.images_per_second = std::ceil(3e6 / static_cast<double>(shape.bytes()));
}

void look_at(const data::PictureFolder& folder, const data::Names&, DetectedProblem& out) {
  make_images(data::common_shape(folder.train.files), folder.train.files.size(), folder.classes.size(), out);
}

void look_at(const data::ImageFolder& folder, const data::Names&, DetectedProblem& out) {
  make_images(folder.train.shape, folder.train.count(), static_cast<std::size_t>(folder.classes), out);
}

void look_at(const data::ArrayTables& tables, const data::Names&, DetectedProblem& out) {
  Problem& p = out.problem;
  const std::size_t rows = tables.train.rows, outputs = tables.targets.size();
  out.seen = counted(rows, "row", "rows") + " of " +
             counted(tables.train.columns.size() - outputs, "number", "numbers") + ", " +
             counted(outputs, "target", "targets") + (tables.classes ? " of whole numbers: classes" : "") +
             "\n";
  if (tables.test) out.seen += "the test has " + counted(tables.test->rows, "row", "rows") + "\n";
  p.source->targets = tables.classes ? "classes" : "values";
  if (tables.classes)
    judge_classes(p, data::summary(tables.train.columns.back()).distinct);
  else
    judge_values(p);
  p.layers = perceptron(rows);
  p.epochs = epochs_for(rows);
  p.images_per_second = 100'000;
}

void look_at(const std::monostate&, const data::Names&, DetectedProblem&) {}  // no file is a rule

// Returns the kind of data (data/source.hpp) in a file or folder; a table may turn out to be a series.
std::string kind_in(const fs::path& path) {
  using enum data::DataKind;
  static const std::map<data::DataKind, std::string> kinds{
      {csv, "table"},         {libsvm, "sparse"}, {text, "text"},  {idx, "idx"},
      {pictures, "pictures"}, {cifar, "cifar"},   {npz, "arrays"}, {safetensors, "arrays"}};
  const data::DataKind kind = data::detect(path);
  if (const auto found = kinds.find(kind); found != kinds.end()) return found->second;
  throw InputError(path.string() + ": it is " + std::string(data::name_of(kind)) +
                   ", one array; put its inputs and targets into an NPZ file as x and y");
}

void check_names_of(const fs::path& path, const data::Names& predict, const data::Source& source) {
  if (!predict.empty() && source.kind != "table" && source.kind != "series")
    throw InputError("--predict: " + path.string() + " has no columns by name; leave it out");
}

}  // namespace

DetectedProblem detect_problem(const fs::path& path, const data::Names& predict) {
  DetectedProblem out;
  out.problem.name = name_of(path);
  data::Source& source = out.problem.source.emplace();
  source.file = fs::absolute(path).lexically_normal().string();
  source.kind = kind_in(path);
  check_names_of(path, predict, source);
  out.content = data::parse(source);
  std::visit([&](const auto& content) { look_at(content, predict, out); }, out.content);
  out.problem.summary = std::string(out.seen.substr(0, out.seen.find('\n')));
  return out;
}

}  // namespace basin
