// Any bytes: as bytes, a corpus that spells them again; as characters, refused or symbols that occur.
#include "basin/data/readers/text_corpus.hpp"

#include "basin/core/error.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace basin::data;
  try {
    const TextCorpus corpus = parse_text({data, size}, TextUnit::bytes);
    require(corpus.ids.size() == size, "a symbol for each byte");
    for (std::size_t i = 0; i < size; ++i)
      require(corpus.symbols[corpus.ids[i]] == data[i], "it spells the text");
    const TextCorpus characters = parse_text({data, size}, TextUnit::characters);
    require(characters.ids.size() <= size, "a character has a byte or more");
    for (const std::uint16_t id : characters.ids) require(id < characters.symbols.size(), "ids are symbols");
    require(parse_text({data, size}, TextUnit::characters, &characters.symbols).ids == characters.ids,
            "its own symbols give the same");
  } catch (const basin::FormatError&) {
  }
  return 0;
}
