#include "basin/data/read_source.hpp"

#include <algorithm>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/data/image_set.hpp"
#include "basin/data/kinds/kinds.hpp"
#include "basin/data/kinds/made_set.hpp"
#include "basin/data/kinds/sparse_set.hpp"
#include "basin/data/kinds/stream_set.hpp"
#include "basin/data/kinds/table_set.hpp"
#include "basin/data/readers/cifar_images.hpp"
#include "basin/data/readers/data_file.hpp"
#include "basin/data/readers/idx_images.hpp"
#include "basin/data/readers/npz.hpp"
#include "basin/data/readers/picture_folder.hpp"
#include "basin/data/readers/safetensors_arrays.hpp"
#include "basin/storage/file.hpp"

namespace basin::data {
namespace {

template <class Parse>
auto parsed(const std::string& file, Parse parse) {
  const std::vector<std::uint8_t> bytes = read_data_file(file);
  return storage::parsed(file, [&] { return parse(std::span(bytes)); });
}

// --- the readers

Content parse_table(const Source& source) {
  return parsed(source.file, [](auto bytes) { return parse_csv(bytes); });
}

Content parse_rows(const Source& source) { return parsed(source.file, parse_libsvm); }

Content parse_symbols(const Source& source) {
  const TextUnit unit = source.unit == "bytes" ? TextUnit::bytes : TextUnit::characters;
  return parsed(source.file, [&](auto bytes) { return parse_text(bytes, unit); });
}

Content parse_pictures(const Source& source) { return list_pictures(source.file); }

template <ImageFolder (*read_folder)(const std::filesystem::path&)>
Content parse_images(const Source& source) {
  return read_folder(source.file);
}

std::map<std::string, Array> arrays_in(std::span<const std::uint8_t> bytes) {
  const bool zip = bytes.size() > 1 && bytes[0] == 'P' && bytes[1] == 'K';
  return zip ? parse_npz(bytes, machine_memory()) : safetensors_arrays(bytes);
}

Content parse_arrays(const Source& source) {
  auto arrays = parsed(source.file, [](auto bytes) { return arranged(arrays_in(bytes)); });
  return std::visit([](auto& content) { return Content(std::move(content)); }, arrays);
}

Content parse_nothing(const Source&) { return {}; }

// --- rows, texts, series

SharedSet shared(const CsvTable& table, const Source& source) {
  if (source.test_file.empty()) return share_table(table, nullptr, source, source.file);
  const CsvTable test = parsed(source.test_file, [&](auto bytes) { return parse_csv(bytes, {}, &table); });
  return share_table(table, &test, source, source.file);
}

SharedSet share_steps(const CsvTable& table, const Source& source) {
  return share_series(table, source, source.file);
}

SharedSet shared(const SparseRows& rows, const Source& source) {
  if (source.test_file.empty()) return share_sparse(rows, nullptr, source, source.file);
  const SparseRows test = parsed(source.test_file, parse_libsvm);
  return share_sparse(rows, &test, source, source.file);
}

SharedSet shared(const TextCorpus& corpus, const Source& source) {
  return share_text(corpus, source, source.file);
}

SharedSet shared(const std::monostate&, const Source& source) { return share_made(source); }

// --- pictures

// Room for images.
SharedSet new_images(const PictureShape& shape, std::size_t train, std::size_t test, std::size_t classes) {
  const auto n = [](std::size_t count) { return static_cast<std::int64_t>(count); };
  return create_images(n(train), n(test), shape.height, shape.width, shape.channels, n(classes));
}

// Without images for the test, some of those of training are.
Parts image_parts(std::span<const std::int32_t> train, std::size_t test, std::size_t classes,
                  const Source& source) {
  return parts_of({train.size(), train, static_cast<std::int64_t>(classes)},
                  test > 0 ? std::optional(test) : std::nullopt, source.test, source.file);
}

void fill_pictures(SharedSet& set, const std::string& part, const PictureFiles& pictures,
                   const PictureShape& shape, std::span<const std::uint32_t> chosen) {
  std::vector<std::filesystem::path> files;
  const auto labels = set.fill<std::uint8_t>(part + ".labels");
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    files.push_back(pictures.files[chosen[i]]);
    labels[i] = static_cast<std::uint8_t>(pictures.labels[chosen[i]]);
  }
  read_pictures(files, shape, set.fill<std::uint8_t>(part + ".images"));
}

SharedSet shared(const PictureFolder& folder, const Source& source) {
  const PictureShape shape = common_shape(folder.train.files);
  const Parts parts =
      image_parts(folder.train.labels, folder.test.files.size(), folder.classes.size(), source);
  SharedSet set = new_images(shape, parts.train.size(), parts.test.size(), folder.classes.size());
  fill_pictures(set, "train", folder.train, shape, parts.train);
  fill_pictures(set, "test", folder.test.files.empty() ? folder.train : folder.test, shape, parts.test);
  set.seal();
  return set;
}

void fill_images(SharedSet& set, const std::string& part, const LabelledImages& images,
                 std::span<const std::uint32_t> chosen) {
  const std::size_t size = images.shape.bytes();
  const auto pixels = set.fill<std::uint8_t>(part + ".images");
  const auto labels = set.fill<std::uint8_t>(part + ".labels");
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    std::copy_n(&images.pixels[chosen[i] * size], size, &pixels[i * size]);
    labels[i] = static_cast<std::uint8_t>(images.labels[chosen[i]]);
  }
}

SharedSet shared(const ImageFolder& folder, const Source& source) {
  const auto classes = static_cast<std::size_t>(folder.classes);
  const Parts parts = image_parts(folder.train.labels, folder.test.count(), classes, source);
  SharedSet set = new_images(folder.train.shape, parts.train.size(), parts.test.size(), classes);
  fill_images(set, "train", folder.train, parts.train);
  fill_images(set, "test", folder.test.labels.empty() ? folder.train : folder.test, parts.test);
  set.seal();
  return set;
}

SharedSet share_images_or_rows(const Content& content, const Source& source) {
  if (const auto* images = std::get_if<ImageFolder>(&content)) return shared(*images, source);
  return share_arrays(std::get<ArrayTables>(content), source, source.file);
}

// --- the list

template <class T, SharedSet (*share)(const T&, const Source&) = &shared>
SharedSet shared_as(const Content& content, const Source& source) {
  return share(std::get<T>(content), source);
}

struct Kind {
  std::string name;
  Content (*parse)(const Source&);
  SharedSet (*share)(const Content&, const Source&);
};

const Kind& kind_named(const Source& source) {
  static const std::vector<Kind> all{{"table", parse_table, shared_as<CsvTable>},
                                     {"sparse", parse_rows, shared_as<SparseRows>},
                                     {"text", parse_symbols, shared_as<TextCorpus>},
                                     {"series", parse_table, shared_as<CsvTable, share_steps>},
                                     {"made", parse_nothing, shared_as<std::monostate>},
                                     {"pictures", parse_pictures, shared_as<PictureFolder>},
                                     {"idx", parse_images<read_idx_folder>, shared_as<ImageFolder>},
                                     {"cifar", parse_images<read_cifar_folder>, shared_as<ImageFolder>},
                                     {"arrays", parse_arrays, share_images_or_rows}};
  Names names;
  for (const Kind& kind : all) {
    if (kind.name == source.kind) return kind;
    names.push_back(kind.name);
  }
  throw InputError(unknown("kind of data", source.kind, names));
}

}  // namespace

Content parse(const Source& source) { return kind_named(source).parse(source); }

SharedSet share(const Content& content, const Source& source) {
  return kind_named(source).share(content, source);
}

SharedSet read(const Source& source) { return share(parse(source), source); }

}  // namespace basin::data
