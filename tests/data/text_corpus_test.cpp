// A text as symbols: bytes or characters, numbered in their order.
#include "basin/data/readers/text_corpus.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "basin/storage/file.hpp"
#include "tests/data/damage.hpp"
#include "tests/data/samples.hpp"
#include "tests/refusal.hpp"

namespace {

using namespace basin;
using data::parse_text;
using data::TextCorpus;
using data::TextUnit;
using Ids = std::vector<std::uint16_t>;
using Symbols = std::vector<char32_t>;

TextCorpus parse(const std::string& text, TextUnit unit, const Symbols* known = nullptr) {
  return parse_text({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, unit, known);
}

TEST(TextCorpus, NumbersBytesInTheirOrder) {
  const TextCorpus corpus = parse(std::string("ba\0\xff"
                                              "a",
                                              5),
                                  TextUnit::bytes);
  EXPECT_EQ(corpus.symbols, (Symbols{0, 'a', 'b', 0xff}));
  EXPECT_EQ(corpus.ids, (Ids{2, 1, 0, 3, 1}));
}

TEST(TextCorpus, NumbersCharacters) {
  const TextCorpus corpus = parse("\xef\xbb\xbfz\xc3\xa9\xf0\x9f\x98\x80\n\xc3\xa9", TextUnit::characters);
  EXPECT_EQ(corpus.symbols, (Symbols{'\n', 'z', 0xe9, 0x1f600}));
  EXPECT_EQ(corpus.ids, (Ids{1, 2, 3, 0, 2}));
}

TEST(TextCorpus, RefusesWhatIsNotUtf8) {
  for (const char* wrong : {"ab\n\x80", "ab\n\xc3", "ab\n\xc0\x80", "ab\n\xed\xa0\x80",
                            "ab\n\xf4\x90\x80\x80", "ab\n\xe0\x80\x80", "ab\n\xf0\x80\x80\x80", "ab\n\xff"})
    EXPECT_TRUE(refusal([&] {
                  parse(wrong, TextUnit::characters);
                }).starts_with("line 2, byte 3: wanted UTF-8, found the byte 0x"))
        << wrong;
  EXPECT_EQ(refusal([] { parse("", TextUnit::bytes); }), "byte 0: wanted a text, found an empty file");
}

TEST(TextCorpus, ReadsASecondTextWithTheSymbolsOfTheFirst) {
  const Symbols known{'a', 'b', 0xe9};
  EXPECT_EQ(parse("b\xc3\xa9", TextUnit::characters, &known).ids, (Ids{1, 2}));
  EXPECT_EQ(refusal([&] { parse("ab\nc", TextUnit::characters, &known); }),
            "line 1: wanted a symbol of the first text, found ' '");
  EXPECT_EQ(refusal([&] { parse("ab\xc3", TextUnit::bytes, &known); }),
            "line 1: wanted a symbol of the first text, found the byte 195");
}

TEST(TextCorpus, SurvivesDamage) {
  const std::string text = "\xef\xbb\xbfz\xc3\xa9\xf0\x9f\x98\x80\nabc\xe2\x82\xac";
  for (const TextUnit unit : {TextUnit::bytes, TextUnit::characters})
    samples::survives_damage({text.begin(), text.end()}, [&](auto bytes) {
      const TextCorpus corpus = parse_text(bytes, unit);
      for (const std::uint16_t id : corpus.ids) EXPECT_LT(id, corpus.symbols.size());
    });
}

TEST(TextCorpus, ReadsShakespeare) {
  const auto file = samples::real_data() / "tinyshakespeare/input.txt";
  if (samples::real_data().empty() || !std::filesystem::exists(file))
    GTEST_SKIP() << "no tinyshakespeare in $BASIN_TEST_DATA";
  for (const TextUnit unit : {TextUnit::bytes, TextUnit::characters}) {
    const TextCorpus corpus = parse_text(storage::read_file(file), unit);
    EXPECT_EQ(corpus.ids.size(), 1115394u);
    EXPECT_EQ(corpus.symbols.size(), 65u);
    EXPECT_EQ(corpus.symbols[corpus.ids[0]], U'F');  // "First Citizen:"
    EXPECT_EQ(std::accumulate(corpus.ids.begin(), corpus.ids.end(), 0LL), 40836134);
  }
}

}  // namespace
