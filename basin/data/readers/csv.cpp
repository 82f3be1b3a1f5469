#include "basin/data/readers/csv.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/data/readers/csv_column.hpp"
#include "basin/data/readers/csv_cursor.hpp"
#include "basin/data/readers/csv_separator.hpp"
#include "basin/data/readers/place.hpp"
#include "basin/data/readers/utf8.hpp"

namespace basin::data {
namespace {

constexpr std::size_t most_columns = 100'000, sample_rows = 1'000, most_named = 20;

std::string line_at(std::string_view text, std::size_t offset) {
  return "line " + std::to_string(line_of(text, offset));
}

// One reading of a file: what is known of it, and its columns while they come in.
class Reader {
 public:
  Reader(std::string_view text, const CsvOptions& options, const CsvTable* like)
      : text_(text), options_(options), like_(like) {
    if (options.separator != 0)
      separator_ = options.separator;
    else
      separator_ = like ? like->separator : csv_shape(text).separator;
    read_first_row();
  }

  CsvTable table() {
    read_rows(body_, std::vector<bool>(first_.size(), true), sample_rows);
    header_ = options_.header ? *options_.header : looks_like_header();
    name_columns();
    if (!header_) body_ = begin_;
    const std::vector<bool> numeric = kinds();
    read_rows(body_, numeric, text_.size());
    if (const std::vector<bool> better = kinds(); better != numeric) read_rows(body_, better, text_.size());
    check_values();
    return finished();
  }

 private:
  void read_first_row() {
    CsvCursor cursor(text_, separator_);
    if (!cursor.next_row()) throw FormatError("line 1", "a table", "an empty file");
    if (text_.find('\n') == text_.npos && text_.find('\r') < text_.size() - 1)
      throw FormatError("line 1", "rows that end with LF or CRLF", "CR alone");
    begin_ = cursor.offset();
    while (cursor.more()) {
      first_.emplace_back(cursor.field());
      if (first_.size() > most_columns)
        throw FormatError(line_at(text_, begin_), "at most " + std::to_string(most_columns) + " columns",
                          "more");
    }
    body_ = cursor.offset();
    const std::size_t wanted = like_ ? like_->columns.size() : first_.size();
    if (first_.size() != wanted) refuse_count(begin_, wanted, first_.size());
    for (std::size_t i = 0; i < first_.size(); ++i)
      names_.push_back(like_ ? like_->columns[i].name : std::string(1, 'c').append(std::to_string(i + 1)));
  }

  // Each field takes a byte, with its separator or newline; that bounds what is allocated.
  std::size_t most_rows() const {
    const std::string_view body = text_.substr(body_);
    const auto lines = static_cast<std::size_t>(std::ranges::count(body, '\n')) + 1;
    return std::min(lines, body.size() / first_.size() + 1);
  }

  void read_rows(std::size_t from, const std::vector<bool>& numeric, std::size_t most) {
    most = std::min(most, most_rows());
    columns_.clear();
    for (std::size_t i = 0; i < first_.size(); ++i)
      columns_.emplace_back(names_[i], numeric[i], like_ ? &like_->columns[i] : nullptr, most, separator_);
    CsvCursor cursor(text_, separator_, from);
    for (rows_ = 0; rows_ < most && cursor.next_row(); ++rows_) read_row(cursor);
  }

  void read_row(CsvCursor& cursor) {
    const std::size_t row = cursor.offset();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!cursor.more()) refuse_count(row, columns_.size(), i);
      columns_[i].read(cursor);
    }
    if (!cursor.more()) return;
    std::size_t fields = columns_.size();
    for (; cursor.more(); ++fields) cursor.field();
    refuse_count(row, columns_.size(), fields);
  }

  [[noreturn]] void refuse_count(std::size_t row, std::size_t wanted, std::size_t found) const {
    throw FormatError(line_at(text_, row), std::to_string(wanted) + (wanted == 1 ? " field" : " fields"),
                      std::to_string(found));
  }

  bool looks_like_header() const {
    const auto number = [&](const std::string& field) { return is_number(field, separator_); };
    if (std::ranges::any_of(first_, number)) return false;
    if (like_) return like_->header;
    for (const CsvReading& column : columns_)
      if (column.should_be_numeric() && column.numbers() > 0) return true;
    return !repeated_below();
  }

  // Whether a field of the first row is a value further down its column.
  bool repeated_below() const {
    CsvCursor cursor(text_, separator_, body_);
    for (std::size_t row = 0; row < sample_rows && cursor.next_row(); ++row)
      for (const std::string& first : first_)
        if (cursor.field() == first && !first.empty()) return true;
    return false;
  }

  void name_columns() {
    if (!header_) return;
    for (std::size_t i = 0; i < first_.size(); ++i) {
      if (like_ && one_line(first_[i]) != names_[i] && !first_[i].empty())
        throw FormatError(line_at(text_, begin_) + ", column " + std::to_string(i + 1),
                          "the name " + quoted(names_[i]), quoted(first_[i]));
      if (!first_[i].empty()) names_[i] = one_line(first_[i]);
    }
    std::vector<std::string> sorted = names_;
    std::ranges::sort(sorted);
    if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end())
      throw FormatError(line_at(text_, begin_), "a name for each column",
                        "two columns named " + quoted(*twice));
  }

  // Which columns are numeric: as is known, or as the rows that were read say.
  std::vector<bool> kinds() const {
    for (const auto& [name, numeric] : options_.numeric)
      if (std::ranges::find(names_, name) == names_.end()) throw InputError(unknown("column", name, names_));
    std::vector<bool> out;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto declared = options_.numeric.find(names_[i]);
      if (like_)
        out.push_back(like_->columns[i].numeric);
      else
        out.push_back(declared != options_.numeric.end() ? declared->second
                                                         : columns_[i].should_be_numeric());
    }
    return out;
  }

  // Throws for the first value that its column cannot hold.
  void check_values() const {
    std::size_t worst = text_.size(), column = 0;
    const auto consider = [&](std::optional<std::size_t> at, std::size_t i) {
      if (at && *at < worst) worst = *at, column = i;
    };
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      consider(columns_[i].first_text(), i);
      consider(columns_[i].first_infinite(), i);
      if (!options_.unknown_is_missing) consider(columns_[i].first_unknown(), i);
    }
    if (worst != text_.size()) refuse_value(column, worst);
  }

  [[noreturn]] void refuse_value(std::size_t i, std::size_t at) const {
    const CsvReading& column = columns_[i];
    CsvCursor cursor(text_, separator_, at);
    const std::string value(cursor.field());
    const std::string place =
        line_at(text_, at) + ", column " + std::to_string(i + 1) + " (" + column.name() + ")";
    if (column.first_text() == at) throw FormatError(place, "a number", quoted(value));
    if (column.first_infinite() == at) throw FormatError(place, "a finite number of float32", quoted(value));
    const std::vector<std::string>& known = like_->columns[i].categories;
    const bool too_many = known.size() > most_named && !nearest(value, known);
    throw FormatError(place, "a category of the first file",
                      quoted(value) + "; " +
                          (too_many ? "it is none of " + std::to_string(known.size())
                                    : one_line(suggestion(value, known))));
  }

  CsvTable finished() {
    if (rows_ == 0) throw FormatError(line_at(text_, begin_), "rows below the names of the columns", "none");
    CsvTable out{{}, rows_, separator_, header_, 1, {}};
    for (CsvReading& column : columns_) out.columns.push_back(column.finished());
    find_lines(out);
    return out;
  }

  // Rows take several lines where a field does, or where blank lines stand between them.
  void find_lines(CsvTable& out) const {
    CsvCursor cursor(text_, separator_, body_);
    cursor.next_row();
    std::size_t line = out.first_line = line_of(text_, cursor.offset()), at = cursor.offset();
    const std::string_view rows = text_.substr(at);
    if (std::ranges::count(rows, '\n') + !rows.ends_with('\n') == static_cast<std::ptrdiff_t>(rows_)) return;
    for (out.lines.reserve(rows_); out.lines.size() < rows_; cursor.next_row()) {
      line += line_of(text_.substr(at), cursor.offset() - at) - 1, at = cursor.offset();
      out.lines.push_back(line);
      while (cursor.more()) cursor.field();
    }
  }

  std::string_view text_;
  const CsvOptions& options_;
  const CsvTable* like_;
  char separator_;
  std::vector<std::string> first_, names_;
  std::size_t begin_ = 0, body_ = 0;  // of the first row, and what is behind it
  bool header_ = false;
  std::vector<CsvReading> columns_;
  std::size_t rows_ = 0;
};

}  // namespace

CsvTable parse_csv(std::span<const std::uint8_t> bytes, const CsvOptions& options, const CsvTable* like) {
  return Reader(checked_text(bytes), options, like).table();
}

CsvTable without_values(const CsvTable& table) {
  CsvTable out{{}, 0, table.separator, table.header, 1, {}};
  for (const CsvColumn& column : table.columns)
    out.columns.push_back({column.name, column.numeric, {}, column.categories, {}, 0});
  return out;
}

std::vector<std::string> names_of(const CsvTable& table) {
  std::vector<std::string> out;
  for (const CsvColumn& column : table.columns) out.push_back(column.name);
  return out;
}

std::size_t line_of(const CsvTable& table, std::size_t row) {
  return table.lines.empty() ? table.first_line + row : table.lines[row];
}

const CsvColumn& column_of(const CsvTable& table, const std::string& name, const std::string& file) {
  const auto found = std::ranges::find(table.columns, name, &CsvColumn::name);
  if (found == table.columns.end()) throw InputError(file + ": " + unknown("column", name, names_of(table)));
  return *found;
}

}  // namespace basin::data
