// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/moment.h"

#include "engine/analysis/suggestion.h"
#include "engine/lesson/lesson_words.h"

#include <algorithm>
#include <array>
#include <vector>

namespace lab {

namespace {

constexpr auto allTypes = static_cast<std::size_t>(EventType::Count);

const std::array<std::string, allTypes>& typeWords() {
    static const auto all = [] {
        std::array<std::string, allTypes> made;
        for (std::size_t type = 0; type < allTypes; ++type) {
            made[type] = hyphenated(words(static_cast<EventType>(type)));
        }
        return made;
    }();
    return all;
}

/// Reads the words of a moment one by one.
class MomentReader {
public:
    explicit MomentReader(std::string_view text)
        : m_text(text)
        , m_words(splitWords(text)) {}

    Result<Moment> read() {
        Moment moment;
        moment.text = std::string(m_text);
        if (auto known = readKind(moment); !known) {
            return known.error();
        }
        if (more() && peek() != "of" && peek() != "by") {
            moment.what = next();
        }
        if (more() && peek() == "of") {
            if (auto known = readNumber(moment); !known) {
                return known.error();
            }
        }
        if (more() && peek() == "by") {
            next();
            while (more()) {
                moment.thread += (moment.thread.empty() ? "" : " ") + next();
            }
            if (moment.thread.empty()) {
                return Error{"\"" + moment.text + "\": a thread's name is missing after \"by\""};
            }
        }
        if (more()) {
            return Error{"\"" + moment.text + "\": \"" + peek() +
                         "\" is not understood (after the kind: what, \"of connection N\", \"by THREAD\")"};
        }
        return moment;
    }

private:
    bool more() const { return m_next < m_words.size(); }
    const std::string& peek() const { return m_words[m_next]; }
    std::string next() { return m_words[m_next++]; }

    Result<void> readKind(Moment& moment) {
        if (!more()) {
            return Error{"a moment is missing, such as \"completion of connection 1\""};
        }
        const auto kind = next();
        moment.step = findStepKind(kind);
        if (moment.step != nullptr) {
            return {};
        }
        const auto& types = typeWords();
        if (const auto found = std::find(types.begin(), types.end(), kind); found != types.end()) {
            moment.type = static_cast<EventType>(found - types.begin());
            return {};
        }
        std::vector<std::string_view> known(types.begin(), types.end());
        for (const auto& step : stepKinds()) {
            known.push_back(step.id);
        }
        return Error{"there is no moment \"" + kind + "\"" + suggestion(kind, known) +
                     " (it is the id of a step or the name of an event; see lessons/README.md)"};
    }

    Result<void> readNumber(Moment& moment) {
        next();
        const auto whose = more() ? next() : std::string();
        const auto number = (more() ? wholeNumber(next()) : std::nullopt).value_or(-1);
        if ((whose != "connection" && whose != "client") || number < 0 || number > 0xffffffff) {
            return Error{"\"" + moment.text + "\": \"of\" is followed by \"connection N\" or \"client N\""};
        }
        moment.ofClient = whose == "client";
        moment.number = static_cast<std::uint32_t>(number);
        return {};
    }

    std::string_view m_text;
    std::vector<std::string> m_words;
    std::size_t m_next = 0;
};

std::string_view plainKindWord(const Event& event) {
    switch (event.type()) {
    case EventType::CallEntered:
    case EventType::CallLeft:
    case EventType::CallPerformed: return words(event.kindAs<SystemCall>());
    case EventType::ConnectionClosed: return words(event.kindAs<CloseReason>());
    case EventType::DeadlineExpired: return words(event.kindAs<Deadline>());
    case EventType::RequestParsed: return words(event.kindAs<Method>());
    case EventType::FileFound: return words(event.kindAs<FileSource>());
    case EventType::ResponseStarted: return words(event.kindAs<Transfer>());
    case EventType::HandlerRegistered:
    case EventType::InterestChanged:
    case EventType::HandleReady: return words(event.kindAs<Interest>());
    case EventType::HookEntered:
    case EventType::HookLeft: return words(event.kindAs<Hook>());
    case EventType::OperationInitiated:
    case EventType::OperationCompleted: return words(event.kindAs<Operation>());
    case EventType::QueuePushed:
    case EventType::QueuePopped: return words(event.kindAs<Queue>());
    case EventType::ClientFailed: return words(event.kindAs<ClientFailure>());
    default: return {};
    }
}

/// A condition of the stepper that is more than a step's id begins so.
bool beginsLikeCondition(const std::vector<std::string>& words) {
    return words.size() >= 2 && (words[1] == ">=" || words[1] == "is");
}

} // namespace

bool isOfTraffic(EventType type) { return type >= EventType::PhaseStarted && type <= EventType::ClientClosed; }

std::string kindWord(const Event& event) { return hyphenated(plainKindWord(event)); }

Result<Moment> Moment::parse(std::string_view text) { return MomentReader(text).read(); }

bool Moment::matches(const Event& event, std::string_view threadName) const {
    if (step != nullptr ? !step->ends(event) : event.type() != type) {
        return false;
    }
    if (number && (event.connection != *number || isOfTraffic(event.type()) != ofClient)) {
        return false;
    }
    return (thread.empty() || thread == threadName) && (what.empty() || what == kindWord(event));
}

Result<LessonStop> LessonStop::parse(std::string_view text) {
    LessonStop stop;
    stop.text = std::string(text);
    if (beginsLikeCondition(splitWords(text))) {
        auto condition = Condition::parse(text);
        if (!condition) {
            return condition.error();
        }
        stop.condition = std::move(*condition);
        return stop;
    }
    auto moment = Moment::parse(text);
    if (!moment) {
        return moment.error();
    }
    stop.moment = std::move(*moment);
    return stop;
}

Condition LessonStop::driver() const {
    if (condition) {
        return *condition;
    }
    Condition driver;
    driver.step = moment.step != nullptr ? std::string(moment.step->id) : "event";
    return driver;
}

} // namespace lab
