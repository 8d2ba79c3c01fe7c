// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/recording_format.h"

#include <boost/crc.hpp>
#include <boost/endian/conversion.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace lab::format {

namespace {

namespace endian = boost::endian;
namespace json = boost::json;

constexpr std::array<unsigned char, 8> magic{0x89, 'P', 'L', 'A', 'B', '\r', '\n', 0x1a};
/// Of names and sites in one block; their own bounds are far below.
constexpr std::size_t fullBlock = 1 << 20;
/// A path or a name that is longer is cut.
constexpr std::size_t longestText = 1 << 16;

template <typename Number>
void put(Octets& out, Number number) {
    const auto at = out.size();
    out.resize(at + sizeof(Number));
    endian::endian_store<Number, sizeof(Number), endian::order::little>(out.data() + at, number);
}

void putText(Octets& out, std::string_view text) {
    text = text.substr(0, longestText);
    put(out, static_cast<std::uint32_t>(text.size()));
    out.insert(out.end(), text.begin(), text.end());
}

template <typename Number>
Number load(const unsigned char* at) {
    return endian::endian_load<Number, sizeof(Number), endian::order::little>(at);
}

/// Takes numbers and texts from the front of a payload; once it runs out, everything is empty and good() is false.
class Source {
public:
    explicit Source(Payload payload)
        : m_rest(payload) {}
    bool good() const { return m_good; }
    bool atEnd() const { return m_rest.empty() || !m_good; }
    std::size_t left() const { return m_rest.size(); }

    template <typename Number>
    Number take() {
        if (m_rest.size() < sizeof(Number)) {
            m_good = false;
            return {};
        }
        const auto number = load<Number>(m_rest.data());
        m_rest = m_rest.subspan(sizeof(Number));
        return number;
    }
    std::string takeText() {
        const auto length = take<std::uint32_t>();
        if (!m_good || length > m_rest.size()) {
            m_good = false;
            return {};
        }
        std::string text(m_rest.begin(), m_rest.begin() + length);
        m_rest = m_rest.subspan(length);
        return text;
    }

private:
    Payload m_rest;
    bool m_good = true;
};

std::uint32_t crcOf(std::initializer_list<Payload> parts) {
    boost::crc_32_type crc;
    for (const auto part : parts) {
        crc.process_bytes(part.data(), part.size());
    }
    return crc.checksum();
}

std::array<unsigned char, 8> typeAndLength(std::uint32_t type, std::uint32_t length) {
    std::array<unsigned char, 8> octets{};
    endian::store_little_u32(octets.data(), type);
    endian::store_little_u32(octets.data() + 4, length);
    return octets;
}

/// The members of RunInfo, for both ways.
template <typename Info, typename Visitor>
void visitInfo(Info& info, Visitor visit) {
    visit("model", info.model);
    visit("family", info.family);
    visit("modelTitle", info.modelTitle);
    visit("demultiplexer", info.demultiplexer);
    visit("processor", info.processor);
    visit("transfer", info.transfer);
    visit("threads", info.threads);
    visit("settings", info.settings);
    visit("scenario", info.scenario);
    visit("seed", info.seed);
    visit("address", info.address);
    visit("startedAt", info.startedAt);
    visit("paced", info.paced);
    visit("stepped", info.stepped);
}

} // namespace

void appendHeader(Octets& out) {
    const auto from = out.size();
    out.insert(out.end(), magic.begin(), magic.end());
    put(out, version);
    put(out, crcOf({Payload(out).subspan(from)}));
}

HeaderKind readHeader(Payload header) {
    if (header.size() < magic.size() || !std::equal(magic.begin(), magic.end(), header.begin())) {
        return HeaderKind::NotARecording;
    }
    if (header.size() < headerLength || load<std::uint32_t>(header.data() + 12) != crcOf({header.first(12)})) {
        return HeaderKind::Damaged;
    }
    const auto found = load<std::uint32_t>(header.data() + 8);
    return found == version ? HeaderKind::Good : found > version ? HeaderKind::Newer : HeaderKind::Damaged;
}

BlockHeader readBlockHeader(Payload header) {
    return {static_cast<BlockType>(load<std::uint32_t>(header.data())), load<std::uint32_t>(header.data() + 4),
            load<std::uint32_t>(header.data() + 8)};
}

bool isIntact(const BlockHeader& header, Payload payload) {
    return header.check == crcOf({typeAndLength(static_cast<std::uint32_t>(header.type), header.length), payload});
}

void appendBlock(Octets& out, BlockType type, Payload payload) {
    const auto start = typeAndLength(static_cast<std::uint32_t>(type), static_cast<std::uint32_t>(payload.size()));
    out.insert(out.end(), start.begin(), start.end());
    put(out, crcOf({start, payload}));
    out.insert(out.end(), payload.begin(), payload.end());
}

Octets encodeInfo(const RunInfo& info) {
    json::object object;
    visitInfo(info, [&](const char* name, const auto& value) { object[name] = json::value_from(value); });
    const auto text = json::serialize(object);
    return {text.begin(), text.end()};
}

bool decodeInfo(Payload payload, RunInfo& info) {
    json::error_code error;
    json::parse_options options;
    options.allow_invalid_utf8 = true; // names of files are in it, as the machine had them
    const auto value = json::parse(json::string_view(reinterpret_cast<const char*>(payload.data()), payload.size()),
                                   error, {}, options);
    if (error || !value.is_object()) {
        return false;
    }
    RunInfo read;
    bool good = true;
    visitInfo(read, [&](const char* name, auto& member) {
        using Member = std::remove_reference_t<decltype(member)>;
        if (const auto* found = value.get_object().if_contains(name)) {
            const auto converted = json::try_value_to<Member>(*found);
            good = good && converted.has_value();
            if (converted) {
                member = *converted;
            }
        }
    });
    if (good) {
        info = std::move(read);
    }
    return good;
}

Octets encodeEvents(std::uint64_t first, std::span<const Event> events) {
    Octets out(sizeof first + events.size() * eventLength);
    endian::store_little_u64(out.data(), first);
    auto* at = out.data() + sizeof first;
    for (const auto& event : events) {
        endian::store_little_u64(at, event.time);
        endian::store_little_u64(at + 8, event.kindAndValue);
        endian::store_little_u32(at + 16, event.connection);
        endian::store_little_u32(at + 20, event.operation);
        endian::store_little_u32(at + 24, event.typeAndSequence);
        endian::store_little_u16(at + 28, event.actor);
        endian::store_little_u16(at + 30, event.site);
        at += eventLength;
    }
    return out;
}

bool decodeEvents(Payload payload, std::uint64_t& first, std::vector<Event>& events) {
    if (payload.size() < sizeof first || (payload.size() - sizeof first) % eventLength != 0) {
        return false;
    }
    first = load<std::uint64_t>(payload.data());
    const auto* at = payload.data() + sizeof first;
    events.resize((payload.size() - sizeof first) / eventLength);
    for (auto& event : events) {
        event = {.time = load<std::uint64_t>(at),
                 .kindAndValue = load<std::uint64_t>(at + 8),
                 .connection = load<std::uint32_t>(at + 16),
                 .operation = load<std::uint32_t>(at + 20),
                 .typeAndSequence = load<std::uint32_t>(at + 24),
                 .actor = load<std::uint16_t>(at + 28),
                 .site = load<std::uint16_t>(at + 30)};
        at += eventLength;
    }
    return true;
}

Octets encodeNames(const std::vector<std::string>& names, std::size_t& first) {
    Octets out;
    put(out, static_cast<std::uint32_t>(first));
    while (first < names.size() && out.size() < fullBlock) {
        putText(out, names[first++]);
    }
    return out;
}

bool decodeNames(Payload payload, std::vector<std::string>& names) {
    Source source(payload);
    if (source.take<std::uint32_t>() != names.size() || !source.good()) {
        return false;
    }
    while (!source.atEnd()) {
        names.push_back(source.takeText());
    }
    return source.good();
}

Octets encodeSites(const std::vector<SiteInfo>& sites, std::size_t& first) {
    Octets out;
    put(out, static_cast<std::uint32_t>(first));
    while (first < sites.size() && out.size() < fullBlock) {
        const auto& site = sites[first++];
        put(out, static_cast<std::uint8_t>(site.type));
        put(out, static_cast<std::uint8_t>(site.role));
        put(out, site.line);
        putText(out, site.name);
        putText(out, site.file);
        putText(out, site.function);
    }
    return out;
}

bool decodeSites(Payload payload, std::vector<SiteInfo>& sites) {
    Source source(payload);
    if (source.take<std::uint32_t>() != sites.size() || !source.good()) {
        return false;
    }
    while (!source.atEnd()) {
        auto& site = sites.emplace_back();
        site.type = static_cast<EventType>(source.take<std::uint8_t>());
        site.role = static_cast<Role>(source.take<std::uint8_t>());
        site.line = source.take<std::uint32_t>();
        site.name = source.takeText();
        site.file = source.takeText();
        site.function = source.takeText();
    }
    return source.good();
}

Octets encodeCounts(const std::vector<ActorCount>& counts) {
    Octets out;
    for (const auto& count : counts) {
        put(out, count.emitted);
        put(out, count.stored);
        put(out, count.lost);
    }
    return out;
}

bool decodeCounts(Payload payload, std::vector<ActorCount>& counts) {
    Source source(payload);
    counts.clear();
    while (!source.atEnd()) {
        auto& count = counts.emplace_back();
        count.emitted = source.take<std::uint64_t>();
        count.stored = source.take<std::uint64_t>();
        count.lost = source.take<std::uint64_t>();
    }
    return source.good();
}

Octets encodeEnd(std::uint64_t events) {
    Octets out;
    put(out, events);
    return out;
}

bool decodeEnd(Payload payload, std::uint64_t& events) {
    Source source(payload);
    events = source.take<std::uint64_t>();
    return source.good() && source.left() == 0;
}

} // namespace lab::format
