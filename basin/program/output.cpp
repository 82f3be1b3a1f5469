#include "basin/program/output.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"

namespace basin::program {

void Lines::append(std::string_view bytes, const Take& take) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find_first_of("\n\r");
    begun_ += bytes.substr(0, std::min(end, longest_line - begun_.size()));
    if (end == std::string_view::npos) return;
    finish(take);
    bytes.remove_prefix(end + 1);
  }
}

void Lines::finish(const Take& take) {
  if (!begun_.empty()) take(begun_);
  begun_.clear();
}

void LastLines::add(std::string_view line) {
  line = trimmed(line).substr(0, longest_line_kept);
  if (line.empty()) return;
  lines_.emplace_back(line);
  if (lines_.size() > lines_kept) lines_.pop_front();
}

std::string LastLines::in_one_line(std::size_t count, std::size_t length) const {
  std::string out;
  for (std::size_t i = lines_.size() - std::min(count, lines_.size()); i < lines_.size(); ++i)
    out += (out.empty() ? "" : " | ") + lines_[i];
  return out.size() <= length ? out : "..." + out.substr(out.size() - length + 3);
}

Log::Log(const std::string& path) : file_(path, std::ios::binary) {
  if (!file_) throw Error(path + ": " + std::strerror(errno));
}

void Log::write(std::string_view bytes) {
  const std::size_t fits = std::min(bytes.size(), longest_log - written_);
  file_.write(bytes.data(), static_cast<std::streamsize>(fits));
  file_.flush();
  written_ += fits;
  left_out_ += bytes.size() - fits;
}

void Log::finish(const LastLines& last) {
  if (left_out_ == 0) return;
  file_ << "\n[basin: " << left_out_ << " bytes left out; the last lines:]\n";
  for (const std::string& line : last.lines()) file_ << line << "\n";
}

}  // namespace basin::program
