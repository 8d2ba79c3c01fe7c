// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/server/server_setting.h"

#include "engine/protocol/protocol_list.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace lab {

namespace {

using Kind = ServerSetting::Kind;

// Each in the order of its enumeration.
constexpr auto demultiplexers =
    std::to_array<SettingWord>({{"select", "select"}, {"poll", "poll"}, {"epoll", "epoll"}});
constexpr auto transfers = std::to_array<SettingWord>({{"suited", "what suits the model"},
                                                       {"by-size", "sendfile, large files mmap and writev"},
                                                       {"read-write", "read and write"},
                                                       {"mmap-writev", "mmap and writev"},
                                                       {"sendfile", "sendfile"},
                                                       {"splice", "splice"},
                                                       {"async-read-write", "asynchronous read and write"},
                                                       {"transmit-file", "TransmitFile"}});
constexpr auto processors = std::to_array<SettingWord>({{"suited", "what suits the model"},
                                                        {"asio", "Asio on epoll"},
                                                        {"io_uring", "io_uring"},
                                                        {"posix-aio", "POSIX AIO"}});
constexpr auto corks =
    std::to_array<SettingWord>({{"msg-more", "MSG_MORE"}, {"tcp-cork", "TCP_CORK"}, {"none", "neither"}});
constexpr auto caches = std::to_array<SettingWord>({{"lru", "least recently used goes"},
                                                    {"lfu", "least frequently used goes"},
                                                    {"hinted", "hints pin and prefetch"},
                                                    {"structured", "a directory goes together"},
                                                    {"none", "nothing is kept"}});

constexpr auto orders = std::to_array<SettingWord>({{"fifo", "first come, first served"},
                                                    {"priority", "the more important first"},
                                                    {"shortest-job-first", "the shortest job first"}});
constexpr auto protocolWords = [] {
    std::array<SettingWord, protocols.size()> words{};
    for (std::size_t i = 0; i < words.size(); ++i) {
        words[i] = {protocols[i].id, protocols[i].title};
    }
    return words;
}();

constexpr std::int64_t mostThreads = 1000;
constexpr std::int64_t mostAccepts = 1000;
constexpr std::int64_t longestQueue = 65'536;
constexpr std::int64_t mostTransmits = 1000;
constexpr std::int64_t largestCache = std::int64_t{1} << 40;

template <typename Enum>
std::int64_t number(Enum value) {
    return static_cast<std::int64_t>(value);
}

constexpr std::array settings{
    ServerSetting{
        "protocol", "Protocol", "What is spoken on a connection", Kind::Choice, protocolWords, 0, 0,
        [](const ServerOptions& options) { return number(options.protocol); },
        [](ServerOptions& options, std::int64_t value) { options.protocol = static_cast<std::uint8_t>(value); }},
    ServerSetting{"threads",
                  "Threads",
                  "How many threads a pool has",
                  Kind::Number,
                  {},
                  1,
                  mostThreads,
                  [](const ServerOptions& options) { return number(options.threads); },
                  [](ServerOptions& options, std::int64_t value) { options.threads = static_cast<unsigned>(value); }},
    ServerSetting{
        "demultiplexer", "Demultiplexer", "The system call that waits for many handles at once", Kind::Choice,
        demultiplexers, 0, 0, [](const ServerOptions& options) { return number(options.demultiplexer); },
        [](ServerOptions& options, std::int64_t value) { options.demultiplexer = static_cast<Demultiplexer>(value); }},
    ServerSetting{
        "processor", "Processor", "Who performs the asynchronous operations of a proactive model", Kind::Choice,
        processors, 0, 0, [](const ServerOptions& options) { return number(options.processor); },
        [](ServerOptions& options, std::int64_t value) { options.processor = static_cast<ProcessorKind>(value); }},
    ServerSetting{
        "transfer", "Transfer", "How a file that is not in memory comes to the peer", Kind::Choice, transfers, 0, 0,
        [](const ServerOptions& options) { return number(options.transfer); },
        [](ServerOptions& options, std::int64_t value) { options.transfer = static_cast<FileTransfer>(value); }},
    ServerSetting{"cork", "Cork", "How header and file, sent by separate calls, come into full packets", Kind::Choice,
                  corks, 0, 0, [](const ServerOptions& options) { return number(options.cork); },
                  [](ServerOptions& options, std::int64_t value) { options.cork = static_cast<Cork>(value); }},
    ServerSetting{
        "cache", "Cache", "Which file goes when the cache of files is full", Kind::Choice, caches, 0, 0,
        [](const ServerOptions& options) { return number(options.files.policy); },
        [](ServerOptions& options, std::int64_t value) { options.files.policy = static_cast<CacheKind>(value); }},
    ServerSetting{"cache-size",
                  "Size of the cache",
                  "How many octets of small files are kept in memory",
                  Kind::Octets,
                  {},
                  0,
                  largestCache,
                  [](const ServerOptions& options) { return options.files.maximumOctets; },
                  [](ServerOptions& options, std::int64_t value) { options.files.maximumOctets = value; }},
    ServerSetting{
        "massive-accept",
        "Accepts at once",
        "How many connections an event loop takes in each time the listening socket is ready; 0: as the model does",
        Kind::Number,
        {},
        0,
        mostAccepts,
        [](const ServerOptions& options) { return number(options.acceptBurst); },
        [](ServerOptions& options, std::int64_t value) { options.acceptBurst = static_cast<unsigned>(value); }},
    ServerSetting{
        "queue",
        "Bound of the queue",
        "How many connections or requests wait for a thread at most",
        Kind::Number,
        {},
        1,
        longestQueue,
        [](const ServerOptions& options) { return number(options.queueLimit); },
        [](ServerOptions& options, std::int64_t value) { options.queueLimit = static_cast<unsigned>(value); }},
    ServerSetting{"order", "Order", "Which of the operations that wait for the same thing is dealt with first",
                  Kind::Choice, orders, 0, 0, [](const ServerOptions& options) { return number(options.order); },
                  [](ServerOptions& options, std::int64_t value) { options.order = static_cast<ServiceOrder>(value); }},
    ServerSetting{
        "transmits",
        "Transmits at once",
        "How many answers are being sent at a time, while the others wait in their order; 0: all",
        Kind::Number,
        {},
        0,
        mostTransmits,
        [](const ServerOptions& options) { return number(options.transmitsAtOnce); },
        [](ServerOptions& options, std::int64_t value) { options.transmitsAtOnce = static_cast<unsigned>(value); }},
};

/// The whole of `text` as a number; with `suffix` also "64M".
std::optional<std::int64_t> parsed(std::string_view text, bool suffix) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{}) {
        return std::nullopt;
    }
    const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (rest.empty()) {
        return value;
    }
    constexpr std::string_view powers = "KMG"; // of 1024
    const auto power = powers.find(rest.front());
    if (!suffix || rest.size() != 1 || power == std::string_view::npos) {
        return std::nullopt;
    }
    const auto factor = std::int64_t{1} << 10 * (power + 1);
    return value < 0 || value > std::numeric_limits<std::int64_t>::max() / factor ? std::nullopt
                                                                                  : std::optional(value * factor);
}

} // namespace

std::string ServerSetting::text(const ServerOptions& options) const {
    const auto value = get(options);
    return kind == Kind::Choice ? std::string(words[static_cast<std::size_t>(value)].word) : std::to_string(value);
}

std::string ServerSetting::shown(const ServerOptions& options) const {
    const auto value = get(options);
    return kind == Kind::Choice ? std::string(words[static_cast<std::size_t>(value)].title) : std::to_string(value);
}

std::string ServerSetting::expected() const {
    if (kind == Kind::Choice) {
        std::string list;
        for (const auto& one : words) {
            list += (list.empty() ? "" : ", ") + std::string(one.word);
        }
        return "must be one of " + list;
    }
    return "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
           (kind == Kind::Octets ? ", or one with K, M or G behind it" : "");
}

Result<void> ServerSetting::set(ServerOptions& options, std::string_view text) const {
    std::optional<std::int64_t> value;
    if (kind == Kind::Choice) {
        const auto found = std::find_if(words.begin(), words.end(), [&](const auto& one) { return one.word == text; });
        value = found == words.end() ? std::nullopt : std::optional<std::int64_t>(found - words.begin());
    } else if (const auto read = parsed(text, kind == Kind::Octets); read && *read >= least && *read <= most) {
        value = read;
    }
    if (!value) {
        return Error{std::string(name) + " " + expected()};
    }
    put(options, *value);
    return {};
}

std::span<const ServerSetting> serverSettings() { return settings; }

const ServerSetting* findServerSetting(std::string_view name) {
    const auto found =
        std::find_if(settings.begin(), settings.end(), [&](const auto& one) { return one.name == name; });
    return found == settings.end() ? nullptr : &*found;
}

std::vector<std::string_view> serverSettingNames() {
    std::vector<std::string_view> names;
    for (const auto& setting : settings) {
        names.push_back(setting.name);
    }
    return names;
}

Result<void> applySettings(std::span<const SettingValue> values, ServerOptions& options) {
    for (const auto& [name, value, line] : values) {
        const auto* setting = findServerSetting(name);
        if (setting == nullptr) {
            return Error{"the server has no option " + name};
        }
        if (auto done = setting->set(options, value); !done) {
            return done;
        }
    }
    return {};
}

} // namespace lab
