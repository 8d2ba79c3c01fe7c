// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/option_octets.h"

#include <boost/pfr.hpp>

#include <cstring>
#include <type_traits>
#include <vector>

namespace lab {

namespace {

/// A structure with members that have to be looked at one by one.
template <typename T>
concept Structure = std::is_class_v<T> && std::is_aggregate_v<T> && !std::is_trivially_copyable_v<T>;

template <typename T>
concept Plain = std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>;

struct Writer {
    std::string octets;

    template <Plain T>
    void put(const T& value) {
        octets.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void put(const std::string& text) {
        put(text.size());
        octets += text;
    }
    template <typename T>
    void put(const std::vector<T>& list) {
        put(list.size());
        for (const auto& one : list) {
            put(one);
        }
    }
    template <Structure T>
    void put(const T& structure) {
        boost::pfr::for_each_field(structure, [this](const auto& field) { put(field); });
    }
};

struct Reader {
    std::string_view octets;
    bool isWhole = true;

    const char* take(std::size_t size) {
        if (octets.size() < size) {
            isWhole = false;
            return nullptr;
        }
        const auto* begin = octets.data();
        octets.remove_prefix(size);
        return begin;
    }
    template <Plain T>
    void get(T& value) {
        if (const auto* from = take(sizeof value)) {
            std::memcpy(static_cast<void*>(&value), from, sizeof value);
        }
    }
    void get(std::string& text) {
        std::size_t size = 0;
        get(size);
        if (const auto* from = take(size)) {
            text.assign(from, size);
        }
    }
    template <typename T>
    void get(std::vector<T>& list) {
        std::size_t size = 0;
        get(size);
        for (list.clear(); isWhole && list.size() < size;) {
            get(list.emplace_back());
        }
    }
    template <Structure T>
    void get(T& structure) {
        boost::pfr::for_each_field(structure, [this](auto& field) { get(field); });
    }
};

} // namespace

std::string toOctets(const ServerOptions& options) {
    Writer writer;
    writer.put(options);
    return std::move(writer.octets);
}

Result<ServerOptions> optionsFrom(std::string_view octets) {
    Reader reader{octets};
    ServerOptions options;
    reader.get(options);
    if (!reader.isWhole || !reader.octets.empty()) {
        return Error{"the options that the lab has sent are not whole"};
    }
    return options;
}

} // namespace lab
