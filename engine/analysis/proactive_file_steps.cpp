// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/step_follower.h"

namespace lab {

namespace {

/// The steps of a GET whose file is read before it is written; the key is the connection. Steps 2 and 3 repeat until
/// the request is whole, those from 5 on until the file is; told are the last ones.
///
/// A subclass knows how the file is read.
class ReadingGetSteps : public StepRecogniser::Follower {
public:
    using Follower::Follower;

    void apply(const Event& event, std::size_t index) final {
        m_clients.apply(event, index);
        switch (event.type()) {
        case EventType::OperationCompleted: completed(event, index); break;
        case EventType::OperationInitiated: initiated(event, index); break;
        case EventType::HookEntered: hookEntered(event, index); break;
        case EventType::RequestParsed: step(event.connection, 4, index); break;
        case EventType::ResponseStarted:
            if (event.kindAs<Transfer>() != transfer()) {
                drop(event.connection);
            }
            break;
        case EventType::ResponseSent: sent(event.connection); break;
        case EventType::ConnectionClosed: drop(event.connection); break;
        default: other(event, index); break;
        }
    }

protected:
    virtual Transfer transfer() const = 0;
    virtual std::size_t writeStep() const = 0; ///< the number of "initiates the asynchronous write"
    virtual void other(const Event&, std::size_t) {}

    /// Step 5 begins, for the first time or, when a piece was written, once more.
    void readAgain(std::uint32_t connection, std::size_t index) {
        constexpr std::size_t before = 4;
        auto* instance = find(connection);
        if (instance != nullptr && m_written.erase(connection) > 0) {
            instance->events.resize(before);
        }
        step(connection, before + 1, index);
    }

private:
    void completed(const Event& event, std::size_t index) {
        if (event.value() < 0) {
            drop(event.connection);
        } else if (event.kindAs<Operation>() == Operation::Read && event.value() > 0) {
            m_written.erase(event.connection);
            begin(event.connection, event.connection, event.operation).events = {
                m_clients.lastRequest(event.connection), index};
        } else if (event.kindAs<Operation>() == Operation::FileRead) {
            step(event.connection, 6, index);
        } else if (event.kindAs<Operation>() == Operation::Write) {
            step(event.connection, writeStep() + 1, index);
        }
    }

    void initiated(const Event& event, std::size_t index) {
        switch (event.kindAs<Operation>()) {
        case Operation::Read: drop(event.connection); break; // the request is not whole
        case Operation::FileRead: readAgain(event.connection, index); break;
        case Operation::Write: step(event.connection, writeStep(), index); break;
        default: break;
        }
    }

    /// Whether the last step was the last one of all is told by what comes next.
    void hookEntered(const Event& event, std::size_t index) {
        switch (event.kindAs<Hook>()) {
        case Hook::HandleRead: step(event.connection, 3, index); break;
        case Hook::HandleFileRead: step(event.connection, 7, index); break;
        case Hook::HandleWrite:
            if (const auto* instance = find(event.connection); instance && instance->events.size() == writeStep() + 1) {
                m_written[event.connection] = index;
            }
            break;
        default: break;
        }
    }

    void sent(std::uint32_t connection) {
        if (const auto written = m_written.find(connection); written != m_written.end()) {
            const auto index = written->second;
            m_written.erase(written);
            step(connection, writeStep() + 2, index);
        }
    }

    ClientOfConnection m_clients;
    boost::unordered_flat_map<std::uint32_t, std::size_t> m_written; ///< by connection: the hook that was called then
};

/// The file is read by a blocking call.
class SynchronousReadSteps final : public ReadingGetSteps {
public:
    using ReadingGetSteps::ReadingGetSteps;

protected:
    Transfer transfer() const override { return Transfer::ReadWrite; }
    std::size_t writeStep() const override { return 6; }
    void other(const Event& event, std::size_t index) override {
        if (event.type() == EventType::CallPerformed && event.kindAs<SystemCall>() == SystemCall::FileRead) {
            readAgain(event.connection, index);
        }
    }
};

/// The file is read by an operation of its own.
class AsynchronousReadSteps final : public ReadingGetSteps {
public:
    using ReadingGetSteps::ReadingGetSteps;

protected:
    Transfer transfer() const override { return Transfer::AsyncReadWrite; }
    std::size_t writeStep() const override { return 8; }
};

} // namespace

std::unique_ptr<StepRecogniser::Follower> followGetReadWrite(const StepSequence& sequence,
                                                             const StepRecogniser::Follower::Found& found) {
    return std::make_unique<SynchronousReadSteps>(sequence, found);
}

std::unique_ptr<StepRecogniser::Follower> followGetAsyncReadWrite(const StepSequence& sequence,
                                                                  const StepRecogniser::Follower::Found& found) {
    return std::make_unique<AsynchronousReadSteps>(sequence, found);
}

} // namespace lab
