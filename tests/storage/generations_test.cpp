// What becomes of a checkpoint's folder when something is damaged, missing, or cannot be written.
#include "basin/storage/generations.hpp"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "basin/core/error.hpp"
#include "basin/storage/manifest.hpp"
#include "tests/study/sample_study.hpp"

namespace basin::storage {
namespace {
namespace fs = std::filesystem;

class AFolder : public ::testing::Test {
 protected:
  fs::path path(const std::string& name) const { return fs::path(folder_ / "run") / name; }
  void save(int n) {
    Generations(folder_ / "run").save(R"({"n":)" + std::to_string(n) + "}", std::string(100, char('0' + n)));
  }
  // Returns "2", or "1 after: what was damaged", or "none".
  std::string load() {
    std::vector<std::string> damages;
    try {
      const auto found = Generations(folder_ / "run").load(damages);
      if (!found) return "none";
      EXPECT_EQ(found->tensors,
                std::vector<std::uint8_t>(100, static_cast<std::uint8_t>(found->tensors.at(0))));
      EXPECT_EQ(found->state, std::string(R"({"n":)") + static_cast<char>(found->tensors[0]) + "}");
      const std::string n(1, static_cast<char>(found->tensors[0]));
      return damages.empty() ? n : n + " after: " + fs::path(damages[0]).filename().string();
    } catch (const InputError& e) {
      return e.what();
    }
  }
  std::set<std::string> files() const {
    std::set<std::string> out;
    for (const auto& entry : fs::directory_iterator(path(""))) out.insert(entry.path().filename());
    return out;
  }
  void change(const std::string& name, std::streamoff at) const {
    std::fstream file(path(name), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const char old = static_cast<char>(file.get());
    file.seekp(at);
    file.put(static_cast<char>(old ^ 1));
  }
  study::TemporaryFolder folder_;
};

TEST_F(AFolder, KeepsTheLastTwoGenerations) {
  EXPECT_EQ(load(), "none");
  for (const int n : {1, 2, 3, 4}) {
    save(n);
    EXPECT_EQ(load(), std::to_string(n));
  }
  Generations one(folder_ / "run");
  one.save("{}", "");
  one.save("{}", "");
  EXPECT_EQ(files(), (std::set<std::string>{"5.json", "5.safetensors", "6.json", "6.safetensors"}));
}

TEST_F(AFolder, FallsBackWhereverAByteIsAnotherOrMissing) {
  save(1);
  {
    Generations both(folder_ / "run");
    std::vector<std::string> none;
    both.load(none);
    both.save(R"({"n":2})", std::string(100, '2'));
  }
  const auto size = static_cast<std::streamoff>(fs::file_size(path("2.json")));
  int unseen = 0;  // blanks between tokens of JSON
  for (std::streamoff at = 0; at < size; ++at) {
    change("2.json", at);
    const std::string found = load();
    unseen += found == "2";
    EXPECT_TRUE(found == "2" || found.starts_with("1 after: 2.json")) << found;
    change("2.json", at);
  }
  EXPECT_LT(unseen, size / 3);
  for (const std::streamoff at : {0, 57, 99}) {
    change("2.safetensors", at);
    EXPECT_EQ(load(), "1 after: 2.safetensors: its bytes differ from those that were written (crc32)");
    change("2.safetensors", at);
  }
  EXPECT_EQ(load(), "2");
  fs::resize_file(path("2.safetensors"), 99);
  EXPECT_EQ(load(), "1 after: 2.safetensors: wanted 100 bytes, found 99");
  fs::resize_file(path("2.json"), static_cast<std::uintmax_t>(size / 2));
  EXPECT_EQ(load().substr(0, 15), "1 after: 2.json");
  fs::remove(path("1.safetensors"));
  EXPECT_NE(load().find("every generation of the checkpoint is damaged"), std::string::npos);
}

TEST_F(AFolder, KeepsTheOneThatIsWholeWhenTheNextIsWritten) {
  save(1);
  Generations generations(folder_ / "run");
  std::vector<std::string> damages;
  generations.load(damages);
  generations.save(R"({"n":2})", std::string(100, '2'));
  change("2.safetensors", 5);
  Generations again(folder_ / "run");
  ASSERT_EQ(again.load(damages)->number, 1u);
  again.save(R"({"n":3})", std::string(100, '3'));
  EXPECT_EQ(files(), (std::set<std::string>{"1.json", "1.safetensors", "3.json", "3.safetensors"}));
}

TEST_F(AFolder, SweepsWhatAKillLeftBehind) {
  save(1);
  for (const char* name :
       {"2.safetensors", "2.json.77.part", "notes.txt", "0.json.old", "0.safetensors.part.old"})
    std::ofstream(path(name)) << "half";
  EXPECT_EQ(load(), "1");
  save(2);
  const auto left = files();
  for (const char* name : {"notes.txt", "0.json.old", "0.safetensors.part.old"})
    EXPECT_TRUE(left.contains(name)) << name << " is not ours to remove";
  EXPECT_FALSE(left.contains("2.json.77.part"));
  EXPECT_EQ(load(), "2");
}

// Simulates a full disk: the kernel refuses to write beyond this size.
TEST_F(AFolder, KeepsTheOldOneWhenTheNewCannotBeWritten) {
  save(1);
  void (*const before)(int) = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  for (const rlim_t most : {rlim_t{50}, rlim_t{110}}) {  // the tensors; the manifest
    const rlimit little{most, old.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &little);
    EXPECT_THROW(save(2), Error);
    ::setrlimit(RLIMIT_FSIZE, &old);
    EXPECT_EQ(files(), (std::set<std::string>{"1.json", "1.safetensors"}));
    EXPECT_EQ(load(), "1");
  }
  std::signal(SIGXFSZ, before);
  save(2);
  EXPECT_EQ(load(), "2");
}

struct SmallDisk {
  explicit SmallDisk(const fs::path& at)
      : place(at),
        mounted(fs::create_directories(at) && ::mount("tmpfs", at.c_str(), "tmpfs", 0, "size=64k") == 0) {}
  SmallDisk(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted) ::umount(place.c_str());
  }
  fs::path place;
  bool mounted;
};

TEST_F(AFolder, KeepsTheOldOneWhenTheDiskIsFull) {
  const SmallDisk disk(fs::path(folder_ / "run"));
  if (!disk.mounted) GTEST_SKIP() << "a small disk cannot be mounted: " << std::strerror(errno);
  save(1);
  std::string said;
  try {
    Generations(folder_ / "run").save("{}", std::string(1 << 20, 'x'));
  } catch (const Error& e) {
    said = e.what();
  }
  EXPECT_NE(said.find("No space left on device"), std::string::npos) << said;
  EXPECT_EQ(files(), (std::set<std::string>{"1.json", "1.safetensors"}));
  EXPECT_EQ(load(), "1");
  save(2);
  EXPECT_EQ(load(), "2");
}

const std::string good = manifest_text({{{"7.safetensors", 12, 0xabc}}, R"({"a":[1.5,"x"]})"});

TEST(Manifest, ComesBack) {
  const Manifest read = parse_manifest(good);
  EXPECT_EQ(read.files, (std::vector<Manifest::File>{{"7.safetensors", 12, 0xabc}}));
  EXPECT_EQ(read.state, R"({"a":[1.5,"x"]})");
  EXPECT_EQ(manifest_text(read), good);
}

TEST(Manifest, IsRefusedUnlessAllOfItIsRight) {
  const auto refused = [](const auto& change) {
    nlohmann::json json = nlohmann::json::parse(good);
    change(json);
    json["crc32"] = json["crc32"].is_string() ? json["crc32"] : nlohmann::json("");
    const std::string text = json["content"].dump();
    char sum[9];
    std::snprintf(sum, sizeof sum, "%08x", crc32_of(text));
    json["crc32"] = sum;  // so that only the change itself can be refused
    EXPECT_THROW(parse_manifest(json.dump()), FormatError) << json.dump();
  };
  using J = nlohmann::json;
  refused([](J& j) { j["format"] = "other"; });
  refused([](J& j) { j["version"] = 2; });
  refused([](J& j) { j["content"].erase("state"); });
  refused([](J& j) { j["content"]["state"] = 1; });
  refused([](J& j) { j["content"]["files"][0]["bytes"] = -1; });
  refused([](J& j) { j["content"]["files"][0]["crc32"] = "12"; });
  for (const char* name : {"", "../x", "/etc/passwd", ".hidden", "a b"})
    refused([&](J& j) { j["content"]["files"][0]["name"] = name; });
  refused([](J& j) {
    J deep;
    for (int i = 0; i < 20; ++i) deep = J::array({deep});
    j["content"]["state"]["deep"] = deep;
  });
  EXPECT_THROW(parse_manifest("[]"), FormatError);
  EXPECT_THROW(parse_manifest(good + std::string(1, '\0')), FormatError);
  EXPECT_THROW(manifest_text({{}, "1"}), InputError);
}

}  // namespace
}  // namespace basin::storage
