// Pictures that Pillow wrote into tests/data/files: decoded as Pillow decodes them, resized by area, refused
// when they are damaged; and folders of them.
#include "basin/data/readers/picture.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "basin/data/readers/picture_folder.hpp"
#include "basin/storage/file.hpp"
#include "tests/data/damage.hpp"
#include "tests/data/samples.hpp"
#include "tests/refusal.hpp"

namespace {

using namespace basin;
namespace fs = std::filesystem;
using data::decode_picture;
using data::Picture;
using data::picture_shape;
using data::PictureShape;
using data::resized;
using samples::Bytes;

fs::path path_of(const std::string& name) { return fs::path(paths::source) / "tests/data/files" / name; }
Bytes file(const std::string& name) { return storage::read_file(path_of(name)); }

long sum(const Picture& picture) { return std::accumulate(picture.pixels.begin(), picture.pixels.end(), 0L); }

int at(const Picture& picture, int y, int x, int channel) {
  const auto [height, width, channels] = picture.shape;
  return picture.pixels[static_cast<std::size_t>((y * width + x) * channels + channel)];
}

TEST(Picture, DecodesPng) {
  const Picture colour = decode_picture(file("colour.png")), grey = decode_picture(file("grey.png"));
  EXPECT_EQ(colour.shape, (PictureShape{5, 7, 3}));
  EXPECT_EQ(grey.shape, (PictureShape{5, 7, 1}));
  for (int y = 0; y < 5; ++y)
    for (int x = 0; x < 7; ++x) {
      EXPECT_EQ(at(colour, y, x, 0), 30 * x);
      EXPECT_EQ(at(colour, y, x, 1), 50 * y);
      EXPECT_EQ(at(colour, y, x, 2), 20 * (x + y));
      EXPECT_EQ(at(grey, y, x, 0), 30 * x);
    }
}

TEST(Picture, DecodesOtherKindsOfPng) {
  EXPECT_EQ(decode_picture(file("grey16.png")).pixels, decode_picture(file("grey.png")).pixels);
  const Picture palette = decode_picture(file("palette.png")), alpha = decode_picture(file("alpha.png"));
  EXPECT_EQ(palette.shape.channels, 3);
  EXPECT_EQ(sum(palette), 10150);
  EXPECT_EQ(at(palette, 4, 6, 0), 150);
  EXPECT_EQ(at(alpha, 4, 2, 1), 200);
  EXPECT_EQ(at(alpha, 4, 3, 1), 255) << "transparent: white";
}

TEST(Picture, DecodesJpeg) {
  for (const char* name : {"colour.jpg", "progressive.jpg"}) {
    const Picture picture = decode_picture(file(name));
    EXPECT_EQ(picture.shape, (PictureShape{24, 40, 3})) << name;
    EXPECT_EQ(picture_shape(file(name)), picture.shape) << name;
    EXPECT_NEAR(static_cast<double>(sum(picture)), 345844, 500) << name;
    EXPECT_NEAR(at(picture, 3, 5, 2), 130, 2) << name;
    EXPECT_NEAR(at(picture, 20, 33, 1), 201, 2) << name;
  }
  const Picture grey = decode_picture(file("grey.jpg"));
  EXPECT_EQ(grey.shape, (PictureShape{24, 40, 1}));
  EXPECT_NEAR(static_cast<double>(sum(grey)), 112440, 200);
}

TEST(Picture, ResizesByArea) {  // NumPy's means over the areas
  const Picture picture = decode_picture(file("colour.jpg"));
  const struct {
    PictureShape shape;
    long sum;
    int middle[3];
  } sizes[] = {{{9, 16, 3}, 51879, {125, 115, 128}},
               {{30, 50, 3}, 540813, {120, 120, 128}},
               {{1, 1, 3}, 360, {117, 115, 128}}};
  for (const auto& size : sizes) {
    const Picture small = resized(picture, size.shape);
    EXPECT_EQ(small.shape, size.shape);
    ASSERT_EQ(small.pixels.size(), size.shape.bytes());
    EXPECT_NEAR(static_cast<double>(sum(small)), static_cast<double>(size.sum),
                0.003 * static_cast<double>(size.sum) + 3);
    for (int c = 0; c < 3; ++c)
      EXPECT_NEAR(
          at(small, static_cast<int>(size.shape.height / 2), static_cast<int>(size.shape.width / 2), c),
          size.middle[c], 2);
  }
  EXPECT_EQ(resized(picture, picture.shape).pixels, picture.pixels);
}

TEST(Picture, ChangesBetweenGreyAndColour) {
  const Picture grey = resized(decode_picture(file("colour.jpg")), {24, 40, 1});
  EXPECT_NEAR(static_cast<double>(sum(grey)), 112395, 500);
  EXPECT_NEAR(at(grey, 3, 5, 0), 41, 2);
  const Picture colour = resized(decode_picture(file("grey.png")), {5, 7, 3});
  EXPECT_EQ(at(colour, 2, 4, 0), 120);
  EXPECT_EQ(at(colour, 2, 4, 2), 120);
}

TEST(Picture, RefusesWhatIsNone) {
  EXPECT_EQ(refusal([] { decode_picture(Bytes{'G', 'I', 'F'}); }),
            "byte 0: wanted a PNG or JPEG picture, found something else");
  EXPECT_EQ(refusal([] { decode_picture({}); }), "byte 0: wanted a PNG or JPEG picture, found an empty file");
  EXPECT_EQ(refusal([] { decode_picture(file("cmyk.jpg")); }),
            "JPEG: wanted grey or colour, found 4 channels; save it as RGB");
}

// The size of a picture that has a hundred million pixels or more is refused before it has memory.
TEST(Picture, RefusesSizesBeforeItAllocates) {
  Bytes jpeg = file("grey.jpg");
  for (std::size_t i = 0; i + 9 < jpeg.size(); ++i)
    if (jpeg[i] == 0xff && jpeg[i + 1] == 0xc0) std::fill_n(jpeg.begin() + static_cast<long>(i) + 5, 4, 0xfe);
  EXPECT_EQ(refusal([&] { decode_picture(jpeg); }),
            "JPEG: wanted at most 67108864 pixels, found 65278x65278");
}

TEST(Picture, RefusesEveryTruncationAndSurvivesDamage) {
  for (const char* name :
       {"colour.png", "palette.png", "grey16.png", "alpha.png", "colour.jpg", "progressive.jpg"}) {
    const Bytes whole = file(name);
    for (std::size_t size = 0; size + 2 < whole.size(); ++size) {  // of JPEG's end mark, a part is enough
      if (std::string(name).ends_with("png") && size + 12 >= whole.size())
        continue;  // the chunk IEND holds nothing
      EXPECT_THROW(decode_picture(std::span(whole).first(size)), FormatError) << name << " " << size;
    }
    samples::survives_damage(whole, [](auto bytes) {
      const Picture picture = decode_picture(bytes);
      EXPECT_EQ(picture.pixels.size(), picture.shape.bytes());
    });
  }
}

class PictureFolderTest : public testing::Test {
 protected:
  void add(const std::string& to, const std::string& from) { samples::write(folder / to, file(from)); }
  std::string refused() {
    const std::string message = refusal([&] { data::list_pictures(folder); });
    const std::string before = fs::path(folder).string();
    return message.starts_with(before) ? message.substr(before.size()) : message;
  }
  samples::Folder folder;
};

TEST_F(PictureFolderTest, ListsClassesInOrder) {
  add("dog/2.png", "grey.png");
  add("dog/1.PNG", "grey.png");
  add("cat/more/a.jpg", "colour.jpg");
  samples::write(folder / "cat/notes.txt", {1});
  samples::write(folder / "cat/.hidden.png", {1});
  samples::write(folder / "README.txt", {1});
  const data::PictureFolder pictures = data::list_pictures(folder);
  EXPECT_EQ(pictures.classes, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(pictures.train.labels, (std::vector<std::int32_t>{0, 1, 1}));
  EXPECT_EQ(pictures.train.files[1].filename(), "1.PNG");
  EXPECT_TRUE(pictures.test.files.empty());
}

TEST_F(PictureFolderTest, KnowsTrainAndTest) {
  add("train/cat/1.png", "grey.png");
  add("train/dog/1.png", "grey.png");
  add("val/dog/2.png", "grey.png");
  add("test/dog/1.png", "grey.png");
  const data::PictureFolder pictures = data::list_pictures(folder);
  EXPECT_EQ(pictures.train.labels, (std::vector<std::int32_t>{0, 1, 1}));
  EXPECT_EQ(pictures.test.labels, (std::vector<std::int32_t>{1}));
  add("test/dgo/1.png", "grey.png");
  EXPECT_EQ(refused(), "/test/dgo: unknown class 'dgo'; did you mean 'dog'?");
}

TEST_F(PictureFolderTest, RefusesWhatWouldBeMissed) {
  add("cat/1.png", "grey.png");
  EXPECT_EQ(refused(), ": wanted a subfolder for each of two classes or more, found 1");
  fs::create_directories(folder / "dog");
  EXPECT_EQ(refused(), "/dog: wanted PNG or JPEG pictures of this class, found none");
  samples::write(folder / "dog/1.webp", {1});
  EXPECT_EQ(refused(), "/dog/1.webp: wanted PNG or JPEG, found .webp");
}

TEST_F(PictureFolderTest, DecodesToOneSize) {
  add("cat/1.png", "grey.png");
  add("cat/2.jpg", "colour.jpg");
  add("dog/1.png", "colour.png");
  const data::PictureFiles files = data::list_pictures(folder).train;
  const PictureShape shape = data::common_shape(files.files);
  EXPECT_EQ(shape, (PictureShape{5, 7, 3})) << "two of three";
  Bytes pixels(3 * shape.bytes());
  data::read_pictures(files.files, shape, pixels);
  const Bytes last(pixels.end() - static_cast<long>(shape.bytes()), pixels.end());
  EXPECT_EQ(last, decode_picture(file("colour.png")).pixels);
  EXPECT_THROW(data::read_pictures(files.files, shape, std::span(pixels).first(10)), InputError);

  samples::write(folder / "cat/3.png", {1, 2, 3});
  EXPECT_NE(refusal([&] {
              data::common_shape(data::list_pictures(folder).train.files);
            }).find("cat/3.png: byte 0: wanted a PNG or JPEG picture"),
            std::string::npos);
}

}  // namespace
