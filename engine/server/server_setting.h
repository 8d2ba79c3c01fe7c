// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/server/server_options.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// A word that a choice takes.
struct SettingWord {
    std::string_view word;  ///< as it is written: "mmap-writev"
    std::string_view title; ///< as it is shown: "mmap and writev"
};

/// One option of the server, as data.
///
/// Role: what command line, scenarios, lessons, window, recordings and `models` know of an option; none of them has a
/// table of its own. Decides: how it is called, what it takes, which member of ServerOptions it means. Threads: any;
/// never changes.
struct ServerSetting {
    enum class Kind : std::uint8_t {
        Choice, ///< one of `words`, in the order of the enumeration
        Number, ///< a whole number
        Octets  ///< a whole number of octets; K, M or G behind it stand for 1024, 1024² or 1024³
    };

    std::string_view name;  ///< everywhere the same: "cache-size"
    std::string_view title; ///< "Size of the cache"
    std::string_view about; ///< one sentence, without a full stop
    Kind kind;
    std::span<const SettingWord> words; ///< of a choice
    std::int64_t least;                 ///< of a number, both included
    std::int64_t most;
    std::int64_t (*get)(const ServerOptions& options); ///< the number, or which of `words`
    void (*put)(ServerOptions& options, std::int64_t value);

    /// As it is written: "epoll", "4".
    std::string text(const ServerOptions& options) const;
    /// As it is shown: "mmap and writev", "4".
    std::string shown(const ServerOptions& options) const;
    /// As it is when nobody says anything.
    std::string defaultText() const { return text(ServerOptions{}); }

    /// "must be one of select, poll, epoll"
    std::string expected() const;

    /// Error: "demultiplexer must be one of select, poll, epoll". Then `options` stay as they are.
    Result<void> set(ServerOptions& options, std::string_view text) const;
};

/// All options of the server but its model, root and address, in the order of menus. The one list: a new option is an
/// entry here, and a member of ServerOptions.
std::span<const ServerSetting> serverSettings();

/// Null where there is none.
const ServerSetting* findServerSetting(std::string_view name);

/// The names of serverSettings(), in their order.
std::vector<std::string_view> serverSettingNames();

/// An option as a document writes it.
struct SettingValue {
    std::string name;
    std::string value;
    std::size_t line = 0; ///< of the document

    friend bool operator==(const SettingValue&, const SettingValue&) = default;
};

/// Sets each in turn; those not named stay. Error: the first that is wrong.
Result<void> applySettings(std::span<const SettingValue> values, ServerOptions& options);

} // namespace lab
