// Reads the data of a source into shared memory. To add a kind of data, add a file in kinds/ and a line here.
#pragma once
#include <variant>

#include "basin/data/kinds/array_set.hpp"
#include "basin/data/readers/csv.hpp"
#include "basin/data/readers/labelled_images.hpp"
#include "basin/data/readers/libsvm.hpp"
#include "basin/data/readers/picture_folder.hpp"
#include "basin/data/readers/text_corpus.hpp"
#include "basin/data/shared.hpp"
#include "basin/data/source.hpp"

namespace basin::data {

// What a reader makes of the file of a source; nothing of a rule that makes data.
using Content =
    std::variant<std::monostate, CsvTable, SparseRows, TextCorpus, PictureFolder, ImageFolder, ArrayTables>;

// Reads the file of a source. Throws InputError that names the file, and what is wrong where.
Content parse(const Source& source);
// Returns what `parse` read of the same file as data, sealed: kinds/kinds.hpp says which columns it has.
// Reads the test file of the source, and pictures. Throws as `parse` does.
SharedSet share(const Content& content, const Source& source);

// Does both.
SharedSet read(const Source& source);

}  // namespace basin::data
