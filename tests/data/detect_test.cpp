// What a file is: by its name where that says enough, by its first bytes otherwise; or what it is instead of
// data.
#include "basin/data/readers/detect.hpp"

#include <gtest/gtest.h>

#include <string>

#include "basin/data/readers/data_file.hpp"
#include "tests/data/damage.hpp"
#include "tests/data/samples.hpp"
#include "tests/refusal.hpp"

namespace {

using namespace basin;
using data::DataKind;
using data::detect;
namespace fs = std::filesystem;
using samples::Bytes;

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

DataKind kind(const std::string& name, const std::string& text) {
  return detect(name, bytes_of(text), text.size());
}

// What a file is said to look like.
std::string looks_like(const std::string& name, const std::string& text) {
  const std::string message = refusal([&] { kind(name, text); });
  const std::string before = name + ": looks like ";
  EXPECT_TRUE(message.starts_with(before)) << message;
  EXPECT_NE(message.find("; basin reads CSV, LIBSVM, NPY"), std::string::npos) << message;
  return message.substr(before.size(), message.find("; basin reads") - before.size());
}

const std::string prose =
    "It was the best of times, it was the worst of times,\nit was the age of wisdom, it was the age of\n"
    "foolishness, it was the epoch of belief,\nit was the epoch of incredulity,\n\nit was the season of "
    "Light.\n";

TEST(Detect, KnowsTablesByContent) {
  for (const char* name : {"table", "table.data", "table.txt"}) {
    EXPECT_EQ(kind(name, "a,b,c\n1,2,3\n4,5,6\n"), DataKind::csv) << name;
    EXPECT_EQ(kind(name, "39, Private, Male\n50, Self, Male\n28, Private, Female\n"), DataKind::csv) << name;
    EXPECT_EQ(kind(name, "x;y\n1;2\n3;4\n"), DataKind::csv) << name;
    EXPECT_EQ(kind(name, "\"Month\",\"Temp\"\n\"1981-01\",20.7\n\"1981-02\",17.9\n"), DataKind::csv) << name;
    EXPECT_EQ(kind(name, "value\n1\n2\n3\n"), DataKind::csv) << name;
  }
  EXPECT_EQ(kind("short.csv", "a\n"), DataKind::csv) << "by its name";
  std::string torn;
  for (int i = 0; i < 50; ++i) torn += i == 30 ? "1,2,3,4\n" : "1,2,3\n";
  EXPECT_EQ(kind("torn", torn), DataKind::csv) << "the reader names the wrong line";
}

TEST(Detect, KnowsSparseRowsWithoutASuffix) {
  EXPECT_EQ(kind("a9a", "-1 3:1 11:1 \n+1 5:1 7:0.5\n"), DataKind::libsvm);
  EXPECT_EQ(kind("rows.txt", "# made by hand\n0.5\n1 2:3 # a comment\n"), DataKind::libsvm);
  EXPECT_EQ(kind("rows.libsvm", "1\n"), DataKind::libsvm);
  EXPECT_EQ(kind("times", "at 12:30 we met\nat 13:00 we left\nand then\n"), DataKind::text);
}

TEST(Detect, TakesOtherTextAsText) {
  EXPECT_EQ(kind("notes.txt", prose), DataKind::text);
  EXPECT_EQ(kind("notes", prose), DataKind::text);
  EXPECT_EQ(
      kind("poem", "Roses are red, violets are blue\nSugar is sweet, and so are you\nI wrote a, poem\n"),
      DataKind::text);
  EXPECT_EQ(kind("list.txt", "# of things\nthat one has\n"), DataKind::text);
}

TEST(Detect, KnowsMarks) {
  EXPECT_EQ(kind("x", "\x93NUMPY\x01"), DataKind::npy);
  EXPECT_EQ(kind("x.npz", "PK\x03\x04"), DataKind::npz);
  EXPECT_EQ(kind("x", "PK\x03\x04" + std::string(22, '\x05') + std::string("\x05\0\0\0", 4) + "a.npy"),
            DataKind::npz);
  EXPECT_EQ(kind("x", std::string("\0\0\x08\x03", 4)), DataKind::idx);
  EXPECT_EQ(kind("x", std::string("\x40\0\0\0\0\0\0\0{\"", 10)), DataKind::safetensors);
  EXPECT_EQ(kind("data_batch_1.bin", std::string(3073, '\x01')), DataKind::cifar);
}

TEST(Detect, SaysWhatIsNoData) {
  EXPECT_EQ(looks_like("README.md", "# Title\n"), "a page to read (its name ends with .md)");
  EXPECT_EQ(looks_like("README", "# Title\n\nText.\n\n## Usage\n"), "a page in Markdown");
  EXPECT_EQ(looks_like("a.out",
                       "\x7f"
                       "ELF\x02\x01"),
            "a program");
  EXPECT_EQ(looks_like("run", "#!/bin/sh\nls\n"), "a program (it begins with #!)");
  EXPECT_EQ(looks_like("train.py", "import torch\n"), "a program (its name ends with .py)");
  EXPECT_EQ(looks_like("x.csv", "\n<!DOCTYPE html>\n<html>"), "a web page");
  EXPECT_EQ(looks_like("x", "{\"a\": 1}"), "JSON");
  EXPECT_EQ(looks_like("x", "[{\"a\": 1}]"), "JSON");
  EXPECT_EQ(looks_like("x.pdf", "%PDF-1.7"), "a PDF file");
  EXPECT_EQ(looks_like("x.zip", "PK\x03\x04" + std::string(40, 'a')), "a zip archive; unpack it");
  EXPECT_EQ(looks_like("x.png", "\x89PNG\r\n"),
            "a single picture; name the folder that has a subfolder for each class");
  EXPECT_EQ(looks_like("x.xlsx", "PK\x03\x04"),
            "a document; save its table as CSV (its name ends with .xlsx)");
  EXPECT_EQ(looks_like("model.pt", "PK\x03\x04"),
            "a pickle of Python, which runs code when it is read (its name ends with .pt)");
  EXPECT_EQ(looks_like("x.toml", "a = 1\n"), "a file of settings (its name ends with .toml)");
  EXPECT_EQ(looks_like("x", ""), "an empty file");
  EXPECT_EQ(looks_like("x", std::string("a\0b", 3)), "binary data of an unknown kind");
  EXPECT_EQ(looks_like("x.csv", std::string("\xff\xfe"
                                            "a\0",
                                            4)),
            "text in UTF-16; save it as UTF-8");
  EXPECT_EQ(looks_like("housing.data", "0.1 2 3\n4 5 6\n7 8 9\n"),
            "a table with blanks between the numbers; put commas there");
}

TEST(Detect, LooksIntoGzipFilesAndFolders) {
  const samples::Folder folder;
  samples::write(folder / "t.csv.gz", samples::gzip(bytes_of("a,b\n1,2\n")));
  samples::write(folder / "a9a.gz", samples::gzip(bytes_of("-1 3:1\n1 4:1\n")));
  samples::write(folder / "x.md.gz", samples::gzip(bytes_of("# Title\n")));
  EXPECT_EQ(detect(folder / "t.csv.gz"), DataKind::csv);
  EXPECT_EQ(detect(folder / "a9a.gz"), DataKind::libsvm);
  EXPECT_NE(refusal([&] { detect(folder / "x.md.gz"); }).find("x.md.gz: inside, "), std::string::npos);
  EXPECT_NE(refusal([&] { detect(folder / "gone.csv"); }).find("gone.csv: cannot be read"),
            std::string::npos);
  EXPECT_NE(refusal([&] { detect(folder); }).find("looks like a folder without pictures"), std::string::npos);

  samples::write(folder / "photos/cat/1.PNG", {1});
  samples::write(folder / "split/train/cat/1.jpeg", {1});
  samples::write(folder / "flat/1.png", {1});
  samples::write(folder / "idx/train-images-idx3-ubyte.gz", {1});
  samples::write(folder / "cifar/data_batch_1.bin", Bytes(3073));
  fs::create_directories(folder / "empty");
  EXPECT_EQ(detect(folder / "photos"), DataKind::pictures);
  EXPECT_EQ(detect(folder / "split"), DataKind::pictures);
  EXPECT_EQ(detect(folder / "idx"), DataKind::idx);
  EXPECT_EQ(detect(folder / "cifar"), DataKind::cifar);
  EXPECT_NE(refusal([&] { detect(folder / "flat"); }).find("pictures without a subfolder for each class"),
            std::string::npos);
  EXPECT_NE(refusal([&] { detect(folder / "empty"); }).find("an empty folder"), std::string::npos);
}

TEST(Detect, KnowsTheRealFiles) {
  const auto folder = samples::real_data();
  if (folder.empty()) GTEST_SKIP() << "no data in $BASIN_TEST_DATA";
  const std::pair<const char*, DataKind> files[] = {{"california-housing/housing.csv", DataKind::csv},
                                                    {"adult/adult-train.csv", DataKind::csv},
                                                    {"a9a/a9a", DataKind::libsvm},
                                                    {"a9a/a9a.t", DataKind::libsvm},
                                                    {"tinyshakespeare/input.txt", DataKind::text},
                                                    {"adult/adult.names", DataKind::text},
                                                    {"univariate-series/monthly-sunspots.csv", DataKind::csv},
                                                    {"mnist/t10k-labels-idx1-ubyte.gz", DataKind::idx},
                                                    {"mnist", DataKind::idx}};
  for (const auto& [name, kind] : files)
    if (std::filesystem::exists(folder / name)) {
      EXPECT_EQ(data::name_of(detect(folder / name)), data::name_of(kind)) << name;
    }
  if (std::filesystem::exists(folder / "README.md")) {
    EXPECT_THROW(detect(folder / "README.md"), InputError);
  }
}

TEST(Detect, SurvivesDamage) {
  for (const std::string& text : {std::string("a,b\n1,2\n3,4\n"), std::string("-1 3:1\n1 4:1 5:2\n"), prose})
    samples::survives_damage(bytes_of(text), [](auto bytes) { detect("x", bytes, bytes.size()); });
}

TEST(DataFile, ReadsPlainAndCompressedFiles) {
  const samples::Folder folder;
  const Bytes plain = samples::noise(1000);
  samples::write(folder / "plain", plain);
  samples::write(folder / "packed.gz", samples::gzip(plain));
  EXPECT_EQ(data::read_data_file(folder / "plain"), plain);
  EXPECT_EQ(data::read_data_file(folder / "packed.gz"), plain);
}

TEST(DataFile, RefusesWhatMemoryCannotHold) {
  const samples::Folder folder;
  samples::write(folder / "large", Bytes(1001));
  samples::write(folder / "bomb.gz", samples::gzip(Bytes(100'000)));
  EXPECT_NE(refusal([&] {
              data::read_data_file(folder / "large", 1000);
            }).find("large: has 1001 bytes; this machine's memory has 1000"),
            std::string::npos);
  EXPECT_NE(refusal([&] {
              data::read_data_file(folder / "bomb.gz", 1000);
            }).find("wanted at most 1000 bytes when inflated, found more"),
            std::string::npos);
  EXPECT_GT(data::machine_memory(), std::size_t{1} << 28);
}

}  // namespace
