// A source of every kind, read from small files, plain and compressed.
#include "basin/data/read_source.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "basin/data/image_set.hpp"
#include "basin/data/kinds/kinds.hpp"
#include "tests/data/samples.hpp"
#include "tests/refusal.hpp"

namespace basin::data {
namespace {

class ReadSource : public testing::Test {
 protected:
  // Writes a file as it is and compressed; returns the path of the first.
  std::string file(const std::string& name, const std::string& text) const {
    const samples::Bytes bytes(text.begin(), text.end());
    samples::write(folder_ / name, bytes);
    samples::write(folder_ / (name + ".gz"), samples::gzip(bytes));
    return (folder_ / name).string();
  }
  // Expects the compressed files to give the same data.
  void expect_same_compressed(Source source) const {
    const SharedSet plain = read(source);
    source.file += ".gz";
    if (!source.test_file.empty()) source.test_file += ".gz";
    EXPECT_TRUE(std::ranges::equal(plain.block(), read(source).block())) << source.kind;
  }

  samples::Folder folder_;
};

TEST_F(ReadSource, TablesRowsTextsAndSeries) {
  std::string table = "x,w,y\n", sparse, text, series = "day,value\n";
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i), odd = std::to_string(i % 2);
    table += number + "," + (i % 3 ? "a" : "b") + "," + odd + "\n";
    sparse += odd + " 1:" + number + "\n";
    text += "über den Wolken " + number;
    series += "d" + number + "," + odd + "\n";
  }
  const Source of_table{.kind = "table",
                        .file = file("t.csv", table),
                        .test_file = file("u.csv", "x,w,y\n7,a,1\n8,b,0\n"),
                        .predict = {"y"}};
  const Source of_sparse{.kind = "sparse", .file = file("s", sparse), .test_file = file("s.t", "1 5:2\n")};
  Source of_text{.kind = "text", .file = file("n.txt", text), .window = 8};
  const Source of_series{.kind = "series", .file = file("r.csv", series), .window = 2, .validation = 0.2};
  for (const Source& source : {of_table, of_sparse, of_text, of_series}) expect_same_compressed(source);
  EXPECT_EQ(count_of(read(of_table), "test"), 2);
  EXPECT_EQ(number_attribute(read(of_sparse), "width"), 5);
  const std::int64_t characters = classes_of(read(of_text));
  of_text.unit = "bytes";
  EXPECT_EQ(classes_of(read(of_text)), characters + 1) << "ü is two bytes";
}

TEST_F(ReadSource, FoldersOfImages) {
  samples::mnist_files(folder_ / "digits", 40, 20);
  const SharedSet digits = read({.kind = "idx", .file = (folder_ / "digits").string()});
  EXPECT_EQ(kind_of(digits), "images");
  EXPECT_EQ(images_of(digits).train_count(), 40);
  EXPECT_EQ(images_of(digits).test_count(), 20);
  EXPECT_EQ(classes_of(digits), 10);
  EXPECT_EQ(images_of(digits).train_labels[13], 3);
  EXPECT_EQ(images_of(digits).train_images[28 * 28 * 13], 75);
}

TEST_F(ReadSource, NamesTheFileThatIsWrong) {
  EXPECT_EQ(refusal([] { read({.kind = "tabel", .file = "x"}); }),
            "unknown kind of data 'tabel'; did you mean 'table'?");
  const Source source{.kind = "table",
                      .file = file("t.csv", "x,y\n1,a\n2,b\n3,a\n4,b\n"),
                      .test_file = file("u.csv", "x,y\n1,a\n2,c\n"),
                      .predict = {"y"}};
  const std::string said = refusal([&] { read(source); });
  EXPECT_TRUE(said.starts_with((folder_ / "u.csv").string() + ": line 3, column 2 (y)")) << said;
  const std::string absent = (folder_ / "absent.csv").string();
  EXPECT_TRUE(refusal([&] { read({.kind = "sparse", .file = absent}); }).starts_with(absent + ": "));
}

}  // namespace
}  // namespace basin::data
