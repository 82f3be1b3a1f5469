// What kind of data a file or folder holds, from its name and its first bytes.
//
// Accepts  plain or gzip: CSV and LIBSVM, by content or name; NPY, NPZ, IDX and safetensors by their marks;
//          CIFAR by name or length; any other text as text. A folder: of pictures by class, of IDX, of CIFAR
// Refuses  with InputError that says what the file looks like and what basin reads: web pages, Markdown,
//          JSON, PDF, programs, settings, archives, single pictures, other binary data, an empty file or
//          folder
// Cost     reads 64 KiB of a file; the names in a folder, and in its subfolders until one has a picture
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace basin::data {

enum class DataKind { csv, libsvm, npy, npz, text, pictures, idx, cifar, safetensors };

std::string_view name_of(DataKind kind);  // "CSV", "LIBSVM", ...

DataKind detect(const std::filesystem::path& path);

// The same for a file of this name and length, of which `beginning` is the first part, inflated.
DataKind detect(const std::filesystem::path& name, std::span<const std::uint8_t> beginning,
                std::size_t length);

// Whether the name is that of a PNG or JPEG file.
bool is_picture_name(const std::filesystem::path& name);

}  // namespace basin::data
