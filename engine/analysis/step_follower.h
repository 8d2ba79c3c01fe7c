// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/analysis/pattern_steps.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <utility>

namespace lab {

/// Follows all instances of one step sequence: a state machine for each key (a connection, an operation, a thread).
class StepRecogniser::Follower {
public:
    using Found = std::function<void(const RecognisedSequence&)>;
    Follower(const StepSequence& sequence, const Found& found)
        : m_sequence(sequence)
        , m_found(found) {}
    virtual ~Follower() = default;

    virtual void apply(const Event& event, std::size_t index) = 0;

    void addUnderWay(std::vector<RecognisedSequence>& all) const {
        for (const auto& [key, instance] : m_instances) {
            all.push_back(instance);
        }
    }

protected:
    /// Begins an instance; one that was under way with this key is dropped.
    RecognisedSequence& begin(std::uint64_t key, std::uint32_t connection, std::uint32_t operation) {
        auto& instance = m_instances[key];
        instance = {.sequence = &m_sequence, .connection = connection, .operation = operation, .events = {}};
        return instance;
    }

    RecognisedSequence* find(std::uint64_t key) {
        const auto found = m_instances.find(key);
        return found == m_instances.end() ? nullptr : &found->second;
    }

    void drop(std::uint64_t key) { m_instances.erase(key); }

    /// Step `number` (from 1) of the instance with `key` happens now. In order it is noted, and the last one ends
    /// the instance; out of order the instance is dropped. True when it was noted.
    bool step(std::uint64_t key, std::size_t number, std::size_t index);

private:
    const StepSequence& m_sequence;
    const Found& m_found;
    boost::unordered_flat_map<std::uint64_t, RecognisedSequence> m_instances;
};

/// Which client is behind which of the server's connections: both tell the client's local port.
class ClientOfConnection {
public:
    void apply(const Event& event, std::size_t index);

    /// Index of the event by which the client connected, and sent its last request; unseen for one from outside.
    std::size_t connecting(std::uint32_t connection) const;
    std::size_t lastRequest(std::uint32_t connection) const;

private:
    struct Client {
        std::size_t connecting = RecognisedSequence::unseen;
        std::size_t lastRequest = RecognisedSequence::unseen;
    };
    boost::unordered_flat_map<std::uint16_t, std::uint32_t> m_clientByPort;
    boost::unordered_flat_map<std::uint32_t, Client> m_clients;
    boost::unordered_flat_map<std::uint32_t, std::uint16_t> m_portByConnection;
    const Client* of(std::uint32_t connection) const;
};

// One a sequence, each in the file of its family.
using FollowerMaker = std::unique_ptr<StepRecogniser::Follower> (*)(const StepSequence&,
                                                                    const StepRecogniser::Follower::Found&);
std::unique_ptr<StepRecogniser::Follower> followThreadPool(const StepSequence& sequence,
                                                           const StepRecogniser::Follower::Found& found);
std::unique_ptr<StepRecogniser::Follower> followActiveObject(const StepSequence& sequence,
                                                             const StepRecogniser::Follower::Found& found);
std::unique_ptr<StepRecogniser::Follower> followOwnThread(const StepSequence& sequence,
                                                          const StepRecogniser::Follower::Found& found);
std::unique_ptr<StepRecogniser::Follower> followThreadPerRequest(const StepSequence& sequence,
                                                                 const StepRecogniser::Follower::Found& found);
std::unique_ptr<StepRecogniser::Follower> followHalfSync(const StepSequence& sequence,
                                                         const StepRecogniser::Follower::Found& found);
std::unique_ptr<StepRecogniser::Follower> followLeaderFollowers(const StepSequence& sequence,
                                                                const StepRecogniser::Follower::Found& found);
std::unique_ptr<StepRecogniser::Follower> followReactor(const StepSequence& sequence,
                                                        const StepRecogniser::Follower::Found& found);
std::unique_ptr<StepRecogniser::Follower> followProactorConnect(const StepSequence& sequence,
                                                                const StepRecogniser::Follower::Found& found);
std::unique_ptr<StepRecogniser::Follower> followProactorGet(const StepSequence& sequence,
                                                            const StepRecogniser::Follower::Found& found);
std::unique_ptr<StepRecogniser::Follower> followGetReadWrite(const StepSequence& sequence,
                                                             const StepRecogniser::Follower::Found& found);
std::unique_ptr<StepRecogniser::Follower> followGetAsyncReadWrite(const StepSequence& sequence,
                                                                  const StepRecogniser::Follower::Found& found);
std::unique_ptr<StepRecogniser::Follower> followCollaborations(const StepSequence& sequence,
                                                               const StepRecogniser::Follower::Found& found);

} // namespace lab
