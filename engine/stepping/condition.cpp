// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stepping/condition.h"

#include "engine/analysis/suggestion.h"
#include "engine/analysis/text_table.h"
#include "engine/base/text_file.h"
#include "engine/stepping/step_kind.h"

#include <boost/lexical_cast/try_lexical_convert.hpp>

#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace lab {

namespace {

struct Quantity {
    std::string_view name;
    Condition::Kind kind;
    bool isWhole;
    std::string_view unit; ///< of the number, for errors
};

constexpr std::array quantities{
    Quantity{"time", Condition::Kind::Time, false, "seconds"},
    Quantity{"event", Condition::Kind::EventNumber, true, "an event's number"},
    Quantity{"queue-depth", Condition::Kind::QueueDepth, true, "a number of items"},
    Quantity{"connections", Condition::Kind::Connections, true, "a number of connections"},
    Quantity{"latency", Condition::Kind::Latency, false, "milliseconds"},
};

/// "a >= b" as {"a", "b"}; the second empty without the sign.
std::pair<std::string_view, std::string_view> splitAt(std::string_view text, std::string_view sign) {
    const auto at = text.find(sign);
    if (at == std::string_view::npos) {
        return {trimmed(text), {}};
    }
    return {trimmed(text.substr(0, at)), trimmed(text.substr(at + sign.size()))};
}

std::string whatThereIs() {
    std::string list = "time >= SECONDS, event >= NUMBER, thread is NAME, queue-depth >= N, connections >= N, "
                       "latency >= MILLISECONDS";
    for (const auto& kind : stepKinds()) {
        list += ", " + std::string(kind.id);
    }
    return list;
}

Error unknown(std::string_view word) {
    std::vector<std::string_view> known{"thread"};
    for (const auto& quantity : quantities) {
        known.push_back(quantity.name);
    }
    for (const auto& kind : stepKinds()) {
        known.push_back(kind.id);
    }
    return Error{"there is no condition \"" + std::string(word) + "\"" + suggestion(word, known) +
                 " (there are: " + whatThereIs() + ")"};
}

Result<Condition> parseQuantity(const Quantity& quantity, std::string_view number) {
    Condition condition;
    condition.kind = quantity.kind;
    condition.step.clear();
    const auto name = std::string(quantity.name);
    if (!boost::conversion::try_lexical_convert(number, condition.value) || !std::isfinite(condition.value) ||
        condition.value < 0 || (quantity.isWhole && condition.value != std::floor(condition.value))) {
        return Error{"\"" + name + " >= " + std::string(number) + "\": " + std::string(number.empty() ? "" : "\"") +
                     (number.empty() ? "the number is missing" : std::string(number) + "\" is not right") +
                     "; it must be " + std::string(quantity.unit) + ", not below 0"};
    }
    return condition;
}

const Quantity* quantityOf(Condition::Kind kind) {
    for (const auto& quantity : quantities) {
        if (quantity.kind == kind) {
            return &quantity;
        }
    }
    return nullptr;
}

} // namespace

Result<Condition> Condition::parse(std::string_view text) {
    text = trimmed(text);
    if (text.empty()) {
        return Error{"the condition is empty (there are: " + whatThereIs() + ")"};
    }
    if (findStepKind(text) != nullptr) {
        Condition condition;
        condition.step = text;
        return condition;
    }
    if (const auto [name, thread] = splitAt(text, " is "); name == "thread" && !thread.empty()) {
        Condition condition;
        condition.kind = Kind::Thread;
        condition.step.clear();
        condition.thread = thread;
        return condition;
    }
    const auto [name, number] = splitAt(text, ">=");
    for (const auto& quantity : quantities) {
        if (quantity.name == name) {
            return parseQuantity(quantity, number);
        }
    }
    if (name == "thread") {
        return Error{"\"" + std::string(text) + "\": a thread is named like this: thread is NAME"};
    }
    return unknown(name);
}

std::string Condition::text() const {
    if (const auto* quantity = quantityOf(kind)) {
        return std::string(quantity->name) + " >= " + plainNumber(value);
    }
    return kind == Kind::Thread ? "thread is " + thread : step;
}

std::string Condition::words() const {
    const auto number = plainNumber(value);
    const bool one = value == 1;
    switch (kind) {
    case Kind::Time: return "until " + number + (one ? " second" : " seconds") + " have passed";
    case Kind::EventNumber: return "until event " + withSeparators(static_cast<std::uint64_t>(value));
    case Kind::Thread: return "until " + thread + " makes an event";
    case Kind::QueueDepth: return "until " + number + (one ? " item waits" : " items wait") + " in a queue";
    case Kind::Connections: return "until " + number + (one ? " connection is" : " connections are") + " open";
    case Kind::Latency: return "until a request has taken " + number + " ms";
    case Kind::Step: break;
    }
    if (step == "event") {
        return "until the next event";
    }
    const auto* found = findStepKind(step);
    if (found == nullptr) {
        return "until " + step;
    }
    // "Until a connection is accepted." as part of a sentence.
    auto about = std::string(found->about);
    about.front() = 'u';
    about.pop_back();
    return about;
}

ConditionWatch::ConditionWatch(Condition condition, std::size_t next)
    : m_condition(std::move(condition))
    , m_next(next) {}

bool ConditionWatch::apply(const Event& event, std::uint64_t nanoseconds, std::string_view threadName) {
    const auto number = m_next++;
    const auto type = event.type();
    switch (m_condition.kind) {
    case Condition::Kind::Step: {
        const auto* kind = findStepKind(m_condition.step);
        return kind != nullptr && kind->ends(event);
    }
    case Condition::Kind::Time: return static_cast<double>(nanoseconds) / 1e9 >= m_condition.value;
    case Condition::Kind::EventNumber: return static_cast<double>(number) >= m_condition.value;
    case Condition::Kind::Thread: return threadName == m_condition.thread;
    case Condition::Kind::QueueDepth:
        return (type == EventType::QueuePushed || type == EventType::QueuePopped) &&
               static_cast<double>(event.value()) >= m_condition.value;
    case Condition::Kind::Connections:
        m_connections += type == EventType::ConnectionAccepted ? 1 : 0;
        // A recording may begin in the middle: what it has not seen accepted was not counted.
        m_connections -= type == EventType::ConnectionClosed && m_connections > 0 ? 1 : 0;
        return static_cast<double>(m_connections) >= m_condition.value;
    case Condition::Kind::Latency: break;
    }
    if (type == EventType::RequestParsed) {
        m_parsedAt[event.connection] = nanoseconds;
    } else if (type == EventType::ConnectionClosed) {
        m_parsedAt.erase(event.connection);
    } else if (type == EventType::ResponseSent) {
        const auto found = m_parsedAt.find(event.connection);
        if (found != m_parsedAt.end()) {
            const auto taken = nanoseconds - found->second;
            m_parsedAt.erase(found);
            return static_cast<double>(taken) / 1e6 >= m_condition.value;
        }
    }
    return false;
}

} // namespace lab
