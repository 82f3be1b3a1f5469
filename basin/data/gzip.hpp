// Reads gzip files, and IDX files as published: gzip of IDX, or plain IDX, distinguished by the first two
// bytes.
//
// Layout   RFC 1952; for IDX, one member, 1f 8b 8 ..., deflated data, CRC-32 and length; nothing after it
// Accepts  a member that inflates to exactly what the IDX header inside promises
// Refuses  with FormatError: a damaged, truncated or continued member, and one that holds more or less; the
//          offset is in the compressed file, or "inflated: byte N" for errors inside
// Cost     inflates the header first, then no more than it promises; a promise that deflate cannot keep (more
//          than 1032 bytes for one) is refused before anything is allocated
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "basin/data/idx.hpp"

namespace basin::data {

bool is_gzip(std::span<const std::uint8_t> bytes);

// Returns the plain IDX file in `file`; if it is not compressed, `file` itself, unchecked.
std::vector<std::uint8_t> inflated_idx(std::vector<std::uint8_t> file);

// Returns what a whole gzip file inflates to: its members one after the other, zeros behind the last one
// being padding; if it is not compressed, `file` itself. Throws FormatError for damage, for a file that ends
// early, for anything else behind a member, and if more than `limit` bytes come out, of which no more are
// allocated.
std::vector<std::uint8_t> inflated(std::vector<std::uint8_t> file, std::size_t limit);

// Returns the first bytes of what a gzip file holds, `count` at most, and fewer if `beginning` ends before or
// is damaged; of another file, its own.
std::vector<std::uint8_t> inflated_beginning(std::span<const std::uint8_t> beginning, std::size_t count);

// Returns the IDX header at the beginning of a file, compressed or not; the first 4 KiB of a file are enough.
IdxHeader peek_idx(std::span<const std::uint8_t> beginning);

}  // namespace basin::data
