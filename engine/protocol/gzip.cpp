// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/service_list.h"
#include "engine/filesystem/cached_filesystem.h"
#include "engine/http/accepted_coding.h"
#include "engine/http/characters.h"
#include "engine/http/status.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <map>
#include <mutex>
#include <unistd.h>
#include <zlib.h>

namespace lab {

namespace {

using Octets = std::shared_ptr<const std::string>;

/// What becomes shorter as a rule.
std::vector<std::string> compressibleTypes() {
    return {"text/*",        "application/javascript", "application/json", "application/xml",
            "image/svg+xml", "application/wasm",       "image/bmp",        "application/xhtml+xml"};
}

/// Null where it does not become shorter, or there is no memory for it.
Octets compressed(std::string_view content, int level) {
    z_stream stream{};
    constexpr int windowBits = 15 + 16; // with a gzip header and trailer
    constexpr int memoryLevel = 8;
    if (deflateInit2(&stream, level, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
        return nullptr;
    }
    auto made = std::make_shared<std::string>(content.size(), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(made->data());
    stream.avail_out = static_cast<uInt>(made->size());
    const bool fits = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    made->resize(stream.total_out);
    deflateEnd(&stream);
    made->shrink_to_fit();
    return fits ? made : nullptr;
}

/// Reads what is not in memory. Empty: it could not be read whole.
std::string contentOf(const ServedFile& file, std::uint32_t connection) {
    std::string content(static_cast<std::size_t>(file.size), '\0');
    std::size_t done = 0;
    while (done < content.size()) {
        const auto octets =
            ::pread(file.descriptor.get(), content.data() + done, content.size() - done, static_cast<off_t>(done));
        if (octets <= 0 && !(octets < 0 && errno == EINTR)) {
            content.clear();
            break;
        }
        done += octets > 0 ? static_cast<std::size_t>(octets) : 0;
    }
    LAB_MARK(CallPerformed, Filesystem, "read file", .connection = connection, .kind = SystemCall::FileRead,
             .value = static_cast<std::int64_t>(done));
    return content;
}

/// Files that were compressed, by the version of the file that the cache holds; with a bound, the oldest goes first.
class CompressedFiles {
public:
    explicit CompressedFiles(std::int64_t mostOctets)
        : m_mostOctets(mostOctets) {}

    /// True when it is known; then `octets` are null for a file that does not become shorter.
    bool find(const std::shared_ptr<const ServedFile>& file, Octets& octets) {
        const std::lock_guard lock(m_mutex);
        const auto found = m_octets.find(file);
        if (found == m_octets.end()) {
            return false;
        }
        octets = found->second;
        return true;
    }

    void put(const std::shared_ptr<const ServedFile>& file, const Octets& octets) {
        const std::lock_guard lock(m_mutex);
        if (!m_octets.emplace(file, octets).second) {
            return; // another thread was faster
        }
        m_order.emplace_back(file);
        m_sum += cost(octets);
        while (m_sum > m_mostOctets && !m_order.empty()) {
            const auto oldest = m_octets.find(m_order.front());
            m_sum -= cost(oldest->second);
            m_octets.erase(oldest);
            m_order.pop_front();
        }
    }

private:
    using Key = std::weak_ptr<const ServedFile>;
    static std::int64_t cost(const Octets& octets) {
        constexpr std::int64_t entry = 256; // about, of an entry without octets
        return entry + (octets ? static_cast<std::int64_t>(octets->size()) : 0);
    }

    const std::int64_t m_mostOctets;
    std::mutex m_mutex;
    std::map<Key, Octets, std::owner_less<>> m_octets; ///< guarded by m_mutex, as the next two
    std::deque<Key> m_order;
    std::int64_t m_sum = 0;
};

/// Compresses files of compressible types for whoever wants it.
///
/// A compressed answer has the file's entity tag made weak: it is another representation of the same content, which a
/// range must not be taken from, and If-None-Match still finds it unchanged (RFC 9110 section 8.8.1). A request for a
/// range is answered from the file as it is. A 304 has the fields that the 200 would have.
class Gzip final : public Service {
public:
    explicit Gzip(const ServiceParameters& parameters)
        : m_level(static_cast<int>(parameters.whole("level")))
        , m_least(parameters.whole("least-octets"))
        , m_most(parameters.whole("most-octets"))
        , m_types(parameters.texts("types").empty() ? compressibleTypes() : parameters.texts("types"))
        , m_files(parameters.whole("memory")) {}

    void filterAnswer(const Exchange& exchange, ResponseDraft& draft) override {
        const bool isOfFile =
            draft.status == status::ok || draft.status == status::notModified || draft.status == status::partialContent;
        if (!draft.file || draft.content || !isOfFile || !isCompressible(*draft.file)) {
            return;
        }
        draft.fields.addToList("Vary", "Accept-Encoding");
        if (draft.status == status::partialContent || !wantsGzip(exchange.field("Accept-Encoding").value_or(""))) {
            return;
        }
        if (const auto octets = compressedFile(draft.file, exchange.connection)) {
            draft.fields.set("ETag", "W/" + draft.file->entityTag);
            draft.fields.set("Accept-Ranges", "none");
            if (draft.status == status::ok) {
                draft.fields.set("Content-Encoding", "gzip");
                draft.content = octets;
            }
        }
    }

private:
    bool isCompressible(const ServedFile& file) const {
        if (file.size < m_least || file.size > m_most) {
            return false;
        }
        const auto type = std::string_view(file.contentType).substr(0, file.contentType.find(';'));
        return std::any_of(m_types.begin(), m_types.end(), [&](std::string_view wanted) {
            return wanted.ends_with("/*") ? type.starts_with(wanted.substr(0, wanted.size() - 1))
                                          : equalsIgnoringCase(type, wanted);
        });
    }

    Octets compressedFile(const std::shared_ptr<const ServedFile>& file, std::uint32_t connection) {
        Octets octets;
        if (!m_files.find(file, octets)) {
            octets = file->inMemory() ? compressed(file->content, m_level)
                                      : compressed(contentOf(*file, connection), m_level);
            m_files.put(file, octets);
        }
        return octets;
    }

    const int m_level;
    const std::int64_t m_least;
    const std::int64_t m_most;
    const std::vector<std::string> m_types;
    CompressedFiles m_files;
};

constexpr double mostCompressed = 64 * 1024 * 1024;
constexpr std::array gzipParameters{
    ServiceParameter{.name = "level",
                     .about = "From 1, fast, to 9, small",
                     .kind = ServiceParameter::Kind::Whole,
                     .byDefault = "6",
                     .least = 1,
                     .most = 9},
    ServiceParameter{.name = "least-octets",
                     .about = "Smaller files are sent as they are",
                     .kind = ServiceParameter::Kind::Whole,
                     .byDefault = "1024",
                     .least = 1,
                     .most = mostCompressed},
    ServiceParameter{.name = "most-octets",
                     .about = "Larger files are sent as they are",
                     .kind = ServiceParameter::Kind::Whole,
                     .byDefault = "8388608",
                     .least = 1,
                     .most = mostCompressed},
    ServiceParameter{.name = "types",
                     .about = "Media types that are compressed; text/* stands for all texts; none: what is usual",
                     .kind = ServiceParameter::Kind::Texts},
    ServiceParameter{.name = "memory",
                     .about = "Octets of compressed files that are kept",
                     .kind = ServiceParameter::Kind::Whole,
                     .byDefault = "16777216",
                     .least = 0,
                     .most = 1024.0 * 1024 * 1024},
};

} // namespace

const ServiceDescription gzipService{
    .id = "gzip",
    .title = "Compression",
    .source = "López Ortega, Cherokee, table of features (encoding)",
    .about = "Compresses files of compressible types for clients that accept gzip, and keeps what it has compressed.",
    .hooks = {ServiceHook::FilterAnswer},
    .parameters = gzipParameters,
    .create = [](const ServiceParameters& parameters, const ServiceNeeds&) -> Result<std::shared_ptr<Service>> {
        return std::shared_ptr<Service>(std::make_shared<Gzip>(parameters));
    },
    .check = [](const ServiceParameters& parameters) -> Result<void> {
        return parameters.whole("least-octets") <= parameters.whole("most-octets")
                   ? Result<void>()
                   : Result<void>(Error{"least-octets must not be above most-octets"});
    },
};

} // namespace lab
