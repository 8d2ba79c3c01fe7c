// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/trace/recording.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lab::format {

// The recording file, format version 1. File name ending: .prolab
//
// All numbers are little-endian. A text is its length in octets (u32) and the octets, UTF-8, no end mark.
//
//   header          magic    8 octets   89 'P' 'L' 'A' 'B' 0d 0a 1a
//                   version  u32        1
//                   check    u32        CRC-32 of magic and version
//   block, many     type     u32        see BlockType
//                   length   u32        octets of the payload, at most 16 MiB
//                   check    u32        CRC-32 of type, length and payload
//                   payload
//
// CRC-32 is the one of Ethernet and zip (polynomial 04c11db7, reflected). The first block is Info; a reader passes
// over block types that it does not know. Payloads:
//
//   Info    (1)     RunInfo as a JSON object, its members named as RunInfo's. A later one replaces an earlier one.
//   Events  (2)     first    u64        how many events are in the file before these
//                   events   32 octets each, up to the end of the payload:
//                            time u64 (ns since the trace began; never less than the event before), kind and
//                            value u64 (kind in the low 8 bits, value, signed, above), connection u32,
//                            operation u32, type and sequence u32 (type in the low 8 bits), actor u16, site u16
//   Names   (3)     first    u32        id of the first name
//                   names    texts, up to the end of the payload. Name 0 is the empty text.
//   Sites   (4)     first    u32        id of the first site
//                   sites    type u8, role u8, line u32, name text, file text, function text
//   Counts  (5)     emitted u64, stored u64, lost u64 for each actor. A later block replaces an earlier one.
//   End     (6)     events   u64        how many the file has. Nothing follows: the file was closed properly.
//
// Numbers of types, kinds, roles are those of the enumerations in event.h and site.h; when one of these changes its
// meaning, the version goes up. Names and sites stand before the events that use them. The writer adds whole blocks,
// so after a crash all but the last block can be read.

inline constexpr std::uint32_t version = 1;
inline constexpr std::size_t headerLength = 16;
inline constexpr std::size_t blockHeaderLength = 12;
inline constexpr std::size_t maximumPayload = 16 << 20;
inline constexpr std::size_t eventLength = 32;

enum class BlockType : std::uint32_t { Info = 1, Events, Names, Sites, Counts, End };

using Octets = std::vector<unsigned char>;
using Payload = std::span<const unsigned char>;

/// What the first octets of a file say.
enum class HeaderKind : std::uint8_t { Good, NotARecording, Damaged, Newer };

void appendHeader(Octets& out);
HeaderKind readHeader(Payload header);

struct BlockHeader {
    BlockType type{};
    std::uint32_t length = 0;
    std::uint32_t check = 0;
};
BlockHeader readBlockHeader(Payload header);
/// Whether header and payload belong together and are undamaged.
bool isIntact(const BlockHeader& header, Payload payload);

/// One whole block at the end of `out`.
void appendBlock(Octets& out, BlockType type, Payload payload);

Octets encodeInfo(const RunInfo& info);
Octets encodeEvents(std::uint64_t first, std::span<const Event> events);
/// As many of names[first...] as a block takes; `first` moves on.
Octets encodeNames(const std::vector<std::string>& names, std::size_t& first);
/// As many of sites[first...] as a block takes; `first` moves on.
Octets encodeSites(const std::vector<SiteInfo>& sites, std::size_t& first);
Octets encodeCounts(const std::vector<ActorCount>& counts);
Octets encodeEnd(std::uint64_t events);

/// The opposite way. False: the payload is not what its type promises.
bool decodeInfo(Payload payload, RunInfo& info);
bool decodeEvents(Payload payload, std::uint64_t& first, std::vector<Event>& events);
bool decodeNames(Payload payload, std::vector<std::string>& names);
bool decodeSites(Payload payload, std::vector<SiteInfo>& sites);
bool decodeCounts(Payload payload, std::vector<ActorCount>& counts);
bool decodeEnd(Payload payload, std::uint64_t& events);

} // namespace lab::format
