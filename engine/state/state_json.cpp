// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/state_json.h"

#include "engine/state/state_words.h"

#include <boost/json.hpp>

namespace lab {

namespace {

namespace json = boost::json;

json::object ofThread(const ThreadState& thread, const Glossary& glossary) {
    return {{"actor", thread.actor},
            {"name", glossary.name(thread.name)},
            {"activity", words(thread.activity)},
            {"call", words(thread.call)},
            {"hook", words(thread.hook)},
            {"work", words(thread.work)},
            {"connection", thread.connection},
            {"operation", thread.operation},
            {"since", thread.since},
            {"busy", thread.busy},
            {"blocked", thread.blocked},
            {"processorWait", thread.processorWait},
            {"isClient", thread.isClient},
            {"isServer", thread.isServer},
            {"demultiplexes", thread.demultiplexes},
            {"dispatches", thread.dispatches},
            {"process", thread.process},
            {"lastEvent", thread.lastEvent}};
}

json::object ofConnection(const ConnectionState& connection, const Glossary& glossary) {
    return {{"id", connection.id},
            {"client", connection.client},
            {"fromOutside", connection.fromOutside},
            {"peerPort", connection.peerPort},
            {"phase", words(connection.phase)},
            {"watchedFor", words(connection.watchedFor)},
            {"ready", words(connection.ready)},
            {"readyBy", connection.readyBy},
            {"registered", connection.registered},
            {"registeredBy", connection.registeredBy},
            {"hook", words(connection.hook)},
            {"thread", ofActor(connection.thread)},
            {"path", glossary.name(connection.path)},
            {"fileSource", words(connection.fileSource)},
            {"transfer", words(connection.transfer)},
            {"status", connection.status},
            {"octetsToSend", connection.octetsToSend},
            {"octetsSent", connection.octetsSent},
            {"octetsHeldBack", connection.octetsHeldBack},
            {"heldBack", words(connection.heldBack)},
            {"heldBackSince", connection.heldBackSince},
            {"requests", connection.requests},
            {"openedAt", connection.openedAt},
            {"requestSince", connection.requestSince},
            {"lastEvent", connection.lastEvent}};
}

json::object ofOperation(const OperationState& operation) {
    return {{"id", operation.id},
            {"kind", words(operation.kind)},
            {"connection", operation.connection},
            {"phase", words(operation.phase)},
            {"asked", operation.asked},
            {"result", operation.result},
            {"rankedBy", words(operation.rankedBy)},
            {"rank", operation.rank},
            {"cancelAskedFor", operation.cancelAskedFor},
            {"waitsToTransmit", operation.waitsToTransmit},
            {"isOfPool", operation.isOfPool},
            {"initiatedBy", operation.initiatedBy},
            {"completedBy", ofActor(operation.completedBy)},
            {"dispatchedBy", ofActor(operation.dispatchedBy)},
            {"initiatedAt", operation.initiatedAt},
            {"completedAt", operation.completedAt},
            {"initiatedEvent", operation.initiatedEvent}};
}

json::object ofClient(const ClientState& client, const Glossary& glossary) {
    return {{"id", client.id},
            {"phase", words(client.phase)},
            {"connected", client.connected},
            {"accepted", client.accepted},
            {"port", client.port},
            {"connection", client.connection},
            {"path", glossary.name(client.path)},
            {"since", client.since},
            {"askedAt", client.askedAt},
            {"requests", client.requests},
            {"failures", client.failures}};
}

json::object ofQueue(const QueueState& queue) {
    return {{"items", json::array(queue.items.begin(), queue.items.end())},
            {"highWater", queue.highWater},
            {"pushed", queue.pushed},
            {"popped", queue.popped}};
}

json::object ofRing(const RingState& ring) {
    return {{"depth", ring.depth}, {"highWater", ring.highWater}, {"passed", ring.passed}};
}

template <typename Enum, std::size_t size>
json::object byWord(const std::array<std::uint64_t, size>& counts) {
    json::object object;
    for (std::size_t index = 1; index < size; ++index) {
        object[words(static_cast<Enum>(index))] = counts[index];
    }
    object[words(Enum{})] = counts[0];
    return object;
}

json::object ofTotals(const Totals& totals) {
    return {{"events", totals.events},
            {"lost", totals.lost},
            {"accepted", totals.accepted},
            {"closed", totals.closed},
            {"acceptFailures", totals.acceptFailures},
            {"workersRefused", totals.workersRefused},
            {"acceptWakeUps", totals.acceptWakeUps},
            {"acceptsForNothing", totals.acceptsForNothing},
            {"promotions", totals.promotions},
            {"rejected", totals.rejected},
            {"requests", totals.requests},
            {"octetsSent", totals.octetsSent},
            {"systemCalls", totals.systemCalls},
            {"hooks", totals.hooks},
            {"operations", totals.operations},
            {"clientRequests", totals.clientRequests},
            {"clientResponses", totals.clientResponses},
            {"clientFailures", totals.clientFailures},
            {"processorNanoseconds", totals.processorNanoseconds},
            {"voluntarySwitches", totals.voluntarySwitches},
            {"involuntarySwitches", totals.involuntarySwitches},
            {"threadsSampled", totals.threadsSampled},
            {"threadsStarted", totals.threadsStarted},
            {"threadsAlive", totals.threadsAlive},
            {"threadsPeak", totals.threadsPeak},
            {"connectionsPeak", totals.connectionsPeak},
            {"processesEnded", totals.processesEnded},
            {"processesKilled", totals.processesKilled},
            {"cancelRequests", totals.cancelRequests},
            {"cancelled", totals.cancelled},
            {"cacheHits", totals.cacheHits},
            {"cacheMisses", totals.cacheMisses},
            {"evictions", totals.evictions},
            {"heldBack", totals.heldBack},
            {"changes", totals.changes},
            {"handedOver", totals.handedOver},
            {"adaptations", totals.adaptations},
            {"calls", byWord<SystemCall>(totals.calls)},
            {"hooksEntered", byWord<Hook>(totals.hooksEntered)},
            {"operationsCompleted", byWord<Operation>(totals.operationsCompleted)}};
}

json::object ofEvent(const Event& event, const Glossary& glossary) {
    return {{"time", event.time},
            {"type", words(event.type())},
            {"kind", event.kind()},
            {"value", event.value()},
            {"connection", event.connection},
            {"operation", event.operation},
            {"actor", event.actor},
            {"sequence", event.sequence()},
            {"site", event.site},
            {"siteName", glossary.site(event.site).name}};
}

template <typename Map, typename Function>
json::array ofEach(const Map& map, Function function) {
    json::array array;
    array.reserve(map.size());
    for (const auto& [id, item] : map) {
        array.push_back(function(item));
    }
    return array;
}

json::array ofPorts(const IdMap<std::uint16_t, std::uint32_t>& ports, const char* what) {
    json::array array;
    for (const auto& [port, id] : ports) {
        array.push_back(json::object{{"port", port}, {what, id}});
    }
    return array;
}

json::object ofSettings(const LabState& state, const Glossary& glossary) {
    json::object settings;
    for (const auto& [name, value] : state.settings) {
        settings[glossary.name(name)] = glossary.name(value);
    }
    return settings;
}

} // namespace

json::value toJson(const LabState& state, const Glossary& glossary) {
    json::array files;
    for (const auto& [path, source, evicted] : state.files) {
        files.push_back(json::object{{"path", glossary.name(path)}, {"source", words(source)}, {"evicted", evicted}});
    }
    json::array services;
    for (const auto& [name, suspended, asked] : state.services) {
        services.push_back(json::object{{"name", glossary.name(name)}, {"suspended", suspended}, {"asked", asked}});
    }
    json::object object{
        {"next", state.next},
        {"time", state.time},
        {"last", state.next == 0 ? json::value() : json::value(ofEvent(state.last, glossary))},
        {"model", glossary.name(state.model)},
        {"changing", state.changing},
        {"settings", ofSettings(state, glossary)},
        {"adaptedConcurrency", words(state.adaptedConcurrency)},
        {"adaptedTransfer", words(state.adaptedTransfer)},
        {"phase", glossary.name(state.phase)},
        {"listening", state.listening},
        {"listeningSockets", state.listeningSockets},
        {"draining", state.draining},
        {"ended", state.ended},
        {"fromStart", state.fromStart},
        {"port", state.port},
        {"threads", ofEach(state.threads, [&](const auto& thread) { return ofThread(thread, glossary); })},
        {"connections", ofEach(state.connections, [&](const auto& each) { return ofConnection(each, glossary); })},
        {"operations", ofEach(state.operations, [](const auto& operation) { return ofOperation(operation); })},
        {"clients", ofEach(state.clients, [&](const auto& client) { return ofClient(client, glossary); })},
        {"clientByPort", ofPorts(state.clientByPort, "client")},
        {"connectionByPort", ofPorts(state.connectionByPort, "connection")},
        {"ready", json::array(state.ready.begin(), state.ready.end())},
        {"files", std::move(files)},
        {"completionQueue", ofQueue(state.completionQueue)},
        {"acceptQueue", ofQueue(state.acceptQueue)},
        {"readyQueue", ofQueue(state.readyQueue)},
        {"returnQueue", ofQueue(state.returnQueue)},
        {"services", std::move(services)},
        {"transmitQueue", ofQueue(state.transmitQueue)},
        {"submissionRing", ofRing(state.submissionRing)},
        {"completionRing", ofRing(state.completionRing)},
        {"handleSet", state.handleSet},
        {"acceptorHook", words(state.acceptorHook)},
        {"acceptorReady", words(state.acceptorReady)},
        {"acceptorReadyBy", state.acceptorReadyBy},
        {"acceptorRegistered", state.acceptorRegistered},
        {"acceptorHeldBy", json::array(state.acceptorHeldBy.begin(), state.acceptorHeldBy.end())},
        {"acceptorsReady", json::array(state.acceptorsReady.begin(), state.acceptorsReady.end())},
        {"leader", state.leader == 0xffff ? json::value() : json::value(state.leader)},
        {"backlogArrivals", state.backlogArrivals},
        {"totals", ofTotals(state.totals)}};
    return object;
}

} // namespace lab
