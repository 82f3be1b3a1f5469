// Members of tar archives written by libarchive: found in any order, refused when damaged.
#include "basin/data/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include "basin/core/error.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using samples::Bytes;

enum class Filter { none, gzip, xz };

struct Member {
  std::string name;
  Bytes bytes;
};

Bytes tar(Filter filter, const std::vector<Member>& members) {
  Bytes out(1 << 20);
  std::size_t used = 0;
  archive* a = archive_write_new();
  archive_write_set_format_ustar(a);
  if (filter == Filter::gzip) archive_write_add_filter_gzip(a);
  if (filter == Filter::xz) {
    archive_write_add_filter_xz(a);
    archive_write_set_filter_option(a, "xz", "compression-level",
                                    "0");  // a small dictionary, because these are read often
  }
  EXPECT_EQ(archive_write_open_memory(a, out.data(), out.size(), &used), ARCHIVE_OK);
  for (const Member& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.bytes.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    EXPECT_EQ(archive_write_header(a, entry), ARCHIVE_OK);
    EXPECT_EQ(archive_write_data(a, member.bytes.data(), member.bytes.size()),
              static_cast<la_ssize_t>(member.bytes.size()));
    archive_entry_free(entry);
  }
  EXPECT_EQ(archive_write_close(a), ARCHIVE_OK);
  archive_write_free(a);
  out.resize(used);
  return out;
}

const Bytes first = samples::noise(100, 1), second = samples::noise(200, 2);
const std::vector<Member> members{{"folder/readme", {1}}, {"folder/b.bin", second}, {"folder/a.bin", first}};

// Writes a file with these bytes and reads its members.
std::vector<Bytes> read(const samples::Folder& folder, const Bytes& bytes, std::size_t largest = 200) {
  samples::write(folder / "x.tar", bytes);
  return data::read_members(folder / "x.tar", {"a.bin", "b.bin"}, largest);
}

class Archive : public testing::TestWithParam<Filter> {
 protected:
  samples::Folder folder;
  Bytes whole = tar(GetParam(), members);
};
INSTANTIATE_TEST_SUITE_P(Filters, Archive, testing::Values(Filter::none, Filter::gzip, Filter::xz));

class CompressedArchive : public Archive {};  // a plain tar has no checksum over its contents
INSTANTIATE_TEST_SUITE_P(Filters, CompressedArchive, testing::Values(Filter::gzip, Filter::xz));

TEST_P(Archive, GivesTheChosenMembersInTheOrderAskedFor) {
  EXPECT_EQ(read(folder, whole), (std::vector<Bytes>{first, second}));
  EXPECT_NO_THROW(data::check_archive(folder / "x.tar"));
}

TEST_P(Archive, RefusesEveryTruncationThatLosesSomething) {
  const std::size_t last =
      GetParam() == Filter::none ? 512 * 6 : whole.size();  // a plain tar ends with empty blocks
  for (std::size_t size = 0; size < last; size += GetParam() == Filter::none ? 61 : 1)
    EXPECT_THROW(read(folder, Bytes(whole.begin(), whole.begin() + static_cast<long>(size))), InputError)
        << size;
}

TEST_P(CompressedArchive, EveryDamagedByteIsRefusedOrHarmless) {
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes damaged = whole;
    damaged[at] ^= 0x41;
    try {
      EXPECT_EQ(read(folder, damaged), (std::vector<Bytes>{first, second})) << "byte " << at;
    } catch (const InputError&) {
    }
  }
}

TEST_P(Archive, RefusesAMemberThatIsAbsentTwiceThereOrTooLarge) {
  samples::expect_message<InputError>([&] { read(folder, tar(GetParam(), {{"a.bin", first}})); },
                                      "x.tar: does not contain b.bin");
  samples::expect_message<InputError>(
      [&] { read(folder, tar(GetParam(), {{"a.bin", first}, {"old/a.bin", first}})); },
      "x.tar: holds a.bin twice");
  samples::expect_message<InputError>([&] { read(folder, whole, 199); },
                                      "x.tar: b.bin has 200 bytes; the limit is 199");
}

TEST_P(Archive, SeesAtTheEndsThatItIsCutShort) {
  samples::write(folder / "x.tar", Bytes(whole.begin(), whole.end() - 3));
  samples::expect_message<InputError>([&] { data::check_archive(folder / "x.tar"); },
                                      "damaged at its end, or cut short, as after an interrupted download");
}

TEST(ArchiveCheck, RefusesWhatIsNoArchive) {
  const samples::Folder folder;
  samples::write(folder / "x.tar", samples::noise(2000));
  samples::expect_message<InputError>([&] { data::check_archive(folder / "x.tar"); },
                                      "byte 0: wanted a tar archive");
  EXPECT_THROW(read(folder, samples::noise(2000)), InputError);
  EXPECT_THROW(data::check_archive(folder / "absent"), InputError);
  EXPECT_THROW(data::read_members(folder / "absent", {"a.bin"}, 1), InputError);
}

}  // namespace
