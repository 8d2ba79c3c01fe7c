// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/located_json.h"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_set>

namespace lab {

namespace {

namespace json = boost::json;
using json::error_code;
using Text = json::string_view;

/// Builds the tree from the parser's calls. The parser is fed octet by octet, so that `line` is the current one.
class Builder {
public:
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    std::size_t line = 1;
    LocatedValue root;
    std::optional<std::string> repeated; ///< path of a field given twice

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return open(LocatedValue::Kind::Object); }
    bool on_object_end(std::size_t, error_code&) { return shut(); }
    bool on_array_begin(error_code&) { return open(LocatedValue::Kind::Array); }
    bool on_array_end(std::size_t, error_code&) { return shut(); }
    bool on_key_part(Text part, std::size_t, error_code&) { return gather(part); }
    bool on_key(Text part, std::size_t, error_code& error) {
        gather(part);
        auto& frame = m_open.back();
        frame.name = std::exchange(m_text, {});
        frame.nameLine = line;
        if (!frame.names.insert(frame.name).second) {
            repeated = path();
            error = json::error::syntax;
            return false;
        }
        return true;
    }
    bool on_string_part(Text part, std::size_t, error_code&) { return gather(part); }
    bool on_string(Text part, std::size_t, error_code&) {
        gather(part);
        LocatedValue value{.kind = LocatedValue::Kind::Text, .line = line};
        value.text = std::exchange(m_text, {});
        return place(std::move(value));
    }
    bool on_number_part(Text, error_code&) { return true; }
    bool on_int64(std::int64_t number, Text, error_code&) {
        return place(
            {.kind = LocatedValue::Kind::Number, .line = line, .number = static_cast<double>(number), .whole = number});
    }
    bool on_uint64(std::uint64_t number, Text, error_code& error) {
        return on_double(static_cast<double>(number), {}, error);
    }
    bool on_double(double number, Text, error_code&) {
        LocatedValue value{.kind = LocatedValue::Kind::Number, .line = line, .number = number};
        if (std::trunc(number) == number && std::abs(number) < 9e15) {
            value.whole = static_cast<std::int64_t>(number);
        }
        return place(std::move(value));
    }
    bool on_bool(bool boolean, error_code&) {
        return place({.kind = LocatedValue::Kind::Boolean, .line = line, .boolean = boolean});
    }
    bool on_null(error_code&) { return place({.line = line}); }
    bool on_comment_part(Text, error_code&) { return true; }
    bool on_comment(Text, error_code&) { return true; }

private:
    struct Frame {
        LocatedValue value;
        std::string name; ///< of the member that is coming
        std::size_t nameLine = 1;
        std::unordered_set<std::string> names{}; ///< of all members so far
    };

    bool gather(Text part) {
        m_text.append(part.data(), part.size());
        return true;
    }
    bool open(LocatedValue::Kind kind) {
        m_open.push_back({.value = {.kind = kind, .line = line}, .name = {}});
        return true;
    }
    bool shut() {
        auto value = std::move(m_open.back().value);
        m_open.pop_back();
        return place(std::move(value));
    }
    bool place(LocatedValue value) {
        if (m_open.empty()) {
            root = std::move(value);
        } else if (auto& frame = m_open.back(); frame.value.kind == LocatedValue::Kind::Array) {
            frame.value.items.push_back(std::move(value));
        } else {
            value.line = frame.nameLine;
            frame.value.members.emplace_back(std::move(frame.name), std::move(value));
        }
        return true;
    }
    std::string path() const {
        std::string text;
        for (const auto& frame : m_open) {
            if (frame.value.kind == LocatedValue::Kind::Array) {
                text += "[" + std::to_string(frame.value.items.size()) + "]";
            } else {
                text += (text.empty() ? "" : ".") + frame.name;
            }
        }
        return text;
    }

    std::vector<Frame> m_open;
    std::string m_text;
};

} // namespace

const LocatedValue* LocatedValue::member(std::string_view name) const {
    const auto found =
        std::find_if(members.begin(), members.end(), [&](const auto& entry) { return entry.first == name; });
    return found == members.end() ? nullptr : &found->second;
}

Result<LocatedValue> parseLocatedJson(std::string_view text, std::string_view name) {
    json::basic_parser<Builder> parser{json::parse_options{}};
    Builder& builder = parser.handler();
    std::size_t column = 1;
    error_code error;
    for (const char& octet : text) {
        if (parser.write_some(true, &octet, 1, error) == 0 && !error) {
            error = json::error::extra_data;
        }
        if (error) {
            break;
        }
        ++column;
        if (octet == '\n') {
            ++builder.line;
            column = 1;
        }
    }
    if (!error) {
        parser.write_some(false, text.data() + text.size(), 0, error);
    }
    const auto where = std::string(name) + ":" + std::to_string(builder.line) + ":";
    if (builder.repeated) {
        return Error{where + " " + *builder.repeated + ": is given twice"};
    }
    if (error) {
        const auto what = error == json::error::incomplete ? std::string("the text ends too early") : error.message();
        return Error{where + std::to_string(column) + ": not JSON: " + what};
    }
    return std::move(builder.root);
}

} // namespace lab
