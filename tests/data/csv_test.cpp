// CSV: the grammar, what becomes a number, and the message of every refusal.
#include "basin/data/readers/csv.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/data/damage.hpp"
#include "tests/data/samples.hpp"
#include "tests/refusal.hpp"

namespace {

using namespace basin;
using data::CsvColumn;
using data::CsvOptions;
using data::CsvTable;
using data::parse_csv;
using Names = std::vector<std::string>;
using Codes = std::vector<std::int32_t>;
using Numbers = std::vector<float>;

CsvTable parse(const std::string& text, const CsvOptions& options = {}, const CsvTable* like = nullptr) {
  return parse_csv({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, options, like);
}

std::string refused(const std::string& text, const CsvOptions& options = {}, const CsvTable* like = nullptr) {
  return refusal([&] { parse(text, options, like); });
}

Names names(const CsvTable& table) {
  Names out;
  for (const CsvColumn& column : table.columns) out.push_back(column.name);
  return out;
}

// `rows` rows of a number and a category, in which the number of `odd` is `value`.
std::string rows_with(std::size_t rows, std::size_t odd, const std::string& value) {
  std::string text = "income,town\n";
  for (std::size_t i = 0; i < rows; ++i)
    text += (i == odd ? value : std::to_string(i)) + (i % 2 ? ",Delft\n" : ",Bonn\n");
  return text;
}

TEST(Csv, ReadsNumbersAndCategories) {
  const CsvTable table = parse("a,b,c\n1,red,-2.5\n+2,blue,1e3\n3.25,red,.5\n");
  EXPECT_EQ(table.rows, 3u);
  EXPECT_TRUE(table.header);
  EXPECT_EQ(names(table), (Names{"a", "b", "c"}));
  EXPECT_EQ(table.columns[0].numbers, (Numbers{1, 2, 3.25f}));
  EXPECT_FALSE(table.columns[1].numeric);
  EXPECT_EQ(table.columns[1].categories, (Names{"blue", "red"}));
  EXPECT_EQ(table.columns[1].codes, (Codes{1, 0, 1}));
  EXPECT_EQ(table.columns[2].numbers, (Numbers{-2.5f, 1000, 0.5f}));
}

TEST(Csv, FindsTheSeparator) {
  for (const char separator : {',', ';', '\t'}) {
    const std::string s(1, separator);
    const CsvTable table = parse("a" + s + "b" + s + "c\n1" + s + "2" + s + "3\n");
    EXPECT_EQ(table.separator, separator);
    EXPECT_EQ(table.columns.size(), 3u) << s;
  }
  EXPECT_EQ(parse("a;b\n1,5;x\n2,5;y\n").separator, ';') << "commas within the fields";
  EXPECT_EQ(parse("1,5;2\n2,5;3\n").separator, ';') << "where both would fit";
  EXPECT_EQ(parse("a,b\n1,\"x;y\"\n2,\"x\"\n").separator, ',');
  EXPECT_EQ(parse("a\n1\n2\n").columns.size(), 1u);
  EXPECT_EQ(parse("a;b,c\n1;2,3\n", {.separator = ','}).columns.size(), 2u);
}

TEST(Csv, KnowsARowOfNamesFromOneOfData) {
  EXPECT_EQ(names(parse("1,2\n3,4\n")), (Names{"c1", "c2"}));
  EXPECT_EQ(parse("1,2\n3,4\n").rows, 2u);
  EXPECT_FALSE(parse("39, Private, Male\n50, Self, Male\n").header);
  EXPECT_FALSE(parse("red,yes\nblue,no\nred,no\n").header) << "red is a value below";
  EXPECT_TRUE(parse("colour,answer\nblue,no\nred,no\n").header);
  EXPECT_EQ(names(parse(",x\n0,5\n1,6\n")), (Names{"c1", "x"})) << "an index without a name";
  EXPECT_FALSE(parse("x,y\n1,2\n", {.header = false}).header);
  EXPECT_TRUE(parse("2019,2020\n1,2\n", {.header = true}).header);
}

TEST(Csv, TakesADecimalCommaBetweenSemicolons) {
  const CsvTable table = parse("1,5; -2,25 ;x\r\n\"3,5\";1e3;y\r\n");
  EXPECT_FALSE(table.header);
  EXPECT_EQ(table.columns[0].numbers, (Numbers{1.5f, 3.5f}));
  EXPECT_EQ(table.columns[1].numbers, (Numbers{-2.25f, 1000}));
  EXPECT_EQ(parse("a;b\n1.234,5;1\n", {.separator = ';'}).columns[0].categories, Names{"1.234,5"})
      << "no number";
  EXPECT_EQ(parse("a\tb\n1,234\t1\n").columns[0].categories, Names{"1,234"})
      << "between tabs, it may be thousands";
  EXPECT_EQ(refused("a;b\n1,5e39;1\n"),
            "line 2, column 1 (a): wanted a finite number of float32, found '1,5e39'");
}

TEST(Csv, FollowsRfc4180) {
  const CsvTable table = parse("name,n\r\n\"a, b\",1\r\n\"say \"\"hi\"\"\",2\r\n\"two\nlines\",3\r\n");
  EXPECT_EQ(table.columns[0].categories, (Names{"a, b", "say \"hi\"", "two\nlines"}));
  EXPECT_EQ(table.columns[1].numbers, (Numbers{1, 2, 3}));
}

TEST(Csv, SkipsBlanksBlankLinesAndTheByteOrderMark) {
  const CsvTable table = parse("\xef\xbb\xbfx, y\n 1 ,  a b \n\n 2, \"c\" \n   \n3,c");
  EXPECT_EQ(names(table), (Names{"x", "y"}));
  EXPECT_EQ(table.columns[0].numbers, (Numbers{1, 2, 3}));
  EXPECT_EQ(table.columns[1].categories, (Names{"a b", "c"}));
}

TEST(Csv, KnowsMissingValues) {
  const CsvTable table = parse("n,t\n1,a\n,?\nNA,\nN/A,NaN\nnan,null\n?,na\n7,b\n");
  EXPECT_EQ(table.columns[0].missing, 5u);
  EXPECT_EQ(table.columns[0].numbers[6], 7);
  EXPECT_TRUE(std::isnan(table.columns[0].numbers[1]) && std::isnan(table.columns[0].numbers[5]));
  EXPECT_EQ(table.columns[1].missing, 5u);
  EXPECT_EQ(table.columns[1].codes, (Codes{0, -1, -1, -1, -1, -1, 1}));
  EXPECT_TRUE(parse("a,b\n1,\n2,\n").columns[1].numeric) << "nothing speaks against it";
}

TEST(Csv, ReadsNumbersInQuotesAndTinyOnes) {
  const CsvTable table = parse("d,v\n\"1949-01\",\"112\"\n\"1949-02\",\"118\"\n");
  EXPECT_EQ(table.columns[1].numbers, (Numbers{112, 118}));
  EXPECT_EQ(table.columns[0].categories.size(), 2u);
  EXPECT_EQ(parse("v\n1e-60\n1\n").columns[0].numbers[0], 0);
}

TEST(Csv, RefusesATextAmongNumbersWithItsLine) {
  EXPECT_EQ(refused(rows_with(2000, 15, "abc")), "line 17, column 1 (income): wanted a number, found 'abc'");
  EXPECT_EQ(refused(rows_with(2000, 1990, "abc")),
            "line 1992, column 1 (income): wanted a number, found 'abc'")
      << "beyond the rows that say what a column is";
  EXPECT_EQ(refused(rows_with(10, 2, "abc")), "line 4, column 1 (income): wanted a number, found 'abc'");
  EXPECT_FALSE(parse(rows_with(9, 2, "abc")).columns[0].numeric) << "fewer than nine of ten are numbers";
}

TEST(Csv, ChangesItsMindAboutAColumn) {
  std::string text = "code,n\n";
  for (int i = 0; i < 1000; ++i) text += std::to_string(i) + "," + std::to_string(i) + "\n";
  for (int i = 0; i < 1000; ++i) text += "x" + std::to_string(i) + ",0\n";
  const CsvTable codes = parse(text);
  EXPECT_FALSE(codes.columns[0].numeric);
  EXPECT_EQ(codes.columns[0].categories.size(), 2000u);
  EXPECT_EQ(codes.columns[1].numbers[999], 999);
}

TEST(Csv, TakesTheKindsThatItIsTold) {
  const CsvTable table = parse("id,n\n1,2\n3,4\n", {.numeric = {{"id", false}}});
  EXPECT_EQ(table.columns[0].categories, (Names{"1", "3"}));
  EXPECT_EQ(refused("a,b\nx,1\ny,2\n", {.numeric = {{"a", true}}}),
            "line 2, column 1 (a): wanted a number, found 'x'");
  EXPECT_EQ(refused("age,b\n1,1\n", {.numeric = {{"aeg", true}}}),
            "unknown column 'aeg'; did you mean 'age'?");
}

TEST(Csv, RefusesWhatFloat32DoesNotHold) {
  EXPECT_EQ(refused("a,b\n1,2\n3,inf\n"),
            "line 3, column 2 (b): wanted a finite number of float32, found 'inf'");
  EXPECT_EQ(refused("a\n1\n-Infinity\n"),
            "line 3, column 1 (a): wanted a finite number of float32, found '-Infinity'");
  EXPECT_EQ(refused("a\n1e39\n1\n"), "line 2, column 1 (a): wanted a finite number of float32, found '1e39'");
  EXPECT_EQ(refused("a\n1e999\n1\n"),
            "line 2, column 1 (a): wanted a finite number of float32, found '1e999'");
}

TEST(Csv, RefusesRowsOfAnotherLength) {
  EXPECT_EQ(refused("a,b\n1,2\n3,4,5\n"), "line 3: wanted 2 fields, found 3");
  EXPECT_EQ(refused("a,b,c\n1,2,3\n3,4\n"), "line 3: wanted 3 fields, found 2");
  EXPECT_EQ(refused("a,b\n\"x\ny\",2\n3\n"), "line 4: wanted 2 fields, found 1")
      << "a newline in quotes counts";
}

TEST(Csv, RefusesQuotesThatMakeNoSense) {
  EXPECT_EQ(refused("a,b\n1,2\n\"open,4\n5,6\n"),
            "line 3: wanted a closing quote for the one that opens there, found the end of the file");
  EXPECT_EQ(refused("a,b\n1,\"x\"y\n"), "line 2: wanted a separator behind the closing quote, found 'y'");
}

TEST(Csv, RefusesWhatIsNoText) {
  EXPECT_EQ(
      refused("a,b\n1,caf\xe9\n"),
      "line 2, byte 9: wanted UTF-8, found the byte 0xe9; save the file as UTF-8, for example by iconv");
  EXPECT_EQ(refused(std::string("a,b\n1,\0\n", 8)), "line 2, byte 6: wanted text, found a NUL byte");
  EXPECT_EQ(refused(std::string("\xff\xfe\x61\0", 4)),
            "line 1, byte 0: wanted UTF-8, found UTF-16; save the file as UTF-8");
  EXPECT_EQ(refused(""), "line 1: wanted a table, found an empty file");
  EXPECT_EQ(refused("\n\n"), "line 1: wanted a table, found an empty file");
  EXPECT_EQ(refused("a,b\n"), "line 1: wanted rows below the names of the columns, found none");
  EXPECT_EQ(refused("a,b\r1,2\r"), "line 1: wanted rows that end with LF or CRLF, found CR alone");
  EXPECT_EQ(refused("a,b,a\n1,2,3\n"), "line 1: wanted a name for each column, found two columns named 'a'");
  EXPECT_EQ(refused(std::string(200'000, ',')), "line 1: wanted at most 100000 columns, found more");
}

TEST(Csv, ReadsASecondFileWithTheKindsOfTheFirst) {
  const CsvTable first = data::without_values(parse("n,t\n1,red\n2,blue\n3,<=50K\n"));
  EXPECT_TRUE(first.columns[1].codes.empty());
  const CsvTable second = parse("n,t\n4,red\n5,<=50K.\n6,?\n", {}, &first);
  EXPECT_EQ(second.columns[1].categories, first.columns[1].categories);
  EXPECT_EQ(second.columns[1].codes, (Codes{2, 0, -1}));
  EXPECT_EQ(refused("n,t\n4,rde\n", {}, &first),
            "line 2, column 2 (t): wanted a category of the first file, found 'rde'; did you mean 'red'?");
  EXPECT_EQ(refused("n,t\n4,x\n", {}, &first),
            "line 2, column 2 (t): wanted a category of the first file, found 'x'; it is one of <=50K, blue "
            "and red");
  EXPECT_EQ(parse("n,t\n4,rde\n", {.unknown_is_missing = true}, &first).columns[1].codes, Codes{-1});
  EXPECT_EQ(refused("n,t\nx,red\n", {}, &first), "line 2, column 1 (n): wanted a number, found 'x'");
  EXPECT_EQ(refused("n,u\n1,red\n", {}, &first), "line 1, column 2: wanted the name 't', found 'u'");
  EXPECT_EQ(refused("n\n1\n", {}, &first), "line 1: wanted 2 fields, found 1");
  EXPECT_EQ(parse("4,red\n", {}, &first).rows, 1u) << "it may lack the names";
}

TEST(Csv, SurvivesDamage) {
  const std::string text =
      "\xef\xbb\xbf"
      "a;b;c\r\n1;\"x \"\"y\"\"\";2e3\r\n-1;caf\xc3\xa9;?\r\n\"5\";\"two\nlines\";inf\r\n";
  const CsvTable first = parse("a;b;c\n1;x;2\n");
  const samples::Bytes file(text.begin(), text.end());
  const auto consistent = [](const CsvTable& table) {
    for (const CsvColumn& column : table.columns)
      EXPECT_EQ(column.numeric ? column.numbers.size() : column.codes.size(), table.rows);
  };
  EXPECT_GT(samples::survives_damage(file, [&](auto bytes) { consistent(parse_csv(bytes)); }), file.size());
  samples::survives_damage(file, [&](auto bytes) { consistent(parse_csv(bytes, {}, &first)); });
}

TEST(Csv, KnowsTheLineOfEachRow) {
  const auto lines = [](const std::string& text) {
    const CsvTable table = parse(text);
    std::vector<std::size_t> out;
    for (std::size_t row = 0; row < table.rows; ++row) out.push_back(line_of(table, row));
    return out;
  };
  using Lines = std::vector<std::size_t>;
  EXPECT_EQ(lines("a,b\n1,2\n3,4\n"), (Lines{2, 3}));
  EXPECT_EQ(lines("1,2\n3,4"), (Lines{1, 2})) << "without names, and without a last newline";
  EXPECT_EQ(lines("\n\na,b\r\n1,2\r\n3,4\r\n"), (Lines{4, 5})) << "blank lines before all";
  EXPECT_EQ(lines("a,b\n1,2\n\n  \n3,4\n5,6"), (Lines{2, 5, 6})) << "blank lines between rows";
  EXPECT_EQ(lines("a,b\n\"x\ny\",2\nz,4\n\"q\n\n\",5\n\n"), (Lines{2, 4, 5})) << "fields of several lines";
}

}  // namespace
