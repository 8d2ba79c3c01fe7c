// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/variants.h"

#include "engine/concurrency/combination.h"

#include <QTest>

#include <future>

namespace lab::test {

namespace {

const ServerSetting& setting(std::string_view name) { return *findServerSetting(name); }

ServerOptions defaultsOf(const ModelDescription& model, std::int64_t smallFileOctets) {
    ServerOptions options;
    options.model = model.id;
    options.files.smallFileOctets = smallFileOctets;
    return options;
}

/// `first` with each word of the setting, where that makes sense; the words stand in the names.
std::vector<Variant> withEach(const std::vector<Variant>& first, std::string_view name) {
    const auto& option = setting(name);
    std::vector<Variant> all;
    for (const auto& one : first) {
        const auto& model = *findModel(one.options.model);
        for (const auto& [word, title] : option.words) {
            auto variant = one;
            if (!option.set(variant.options, word) || (word != option.defaultText() && !takes(model, option)) ||
                !refusal(model, variant.options).empty()) {
                continue;
            }
            variant.name += (one.name.find(':') == std::string::npos ? ": " : ", ") + std::string(word);
            all.push_back(std::move(variant));
        }
    }
    return all;
}

void append(std::vector<Variant>& all, std::vector<Variant> others) {
    all.insert(all.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
}

/// Without those in which the setting is as it is by default.
std::vector<Variant> without(std::vector<Variant> all, std::string_view name) {
    const auto& option = setting(name);
    std::erase_if(all, [&](const Variant& variant) { return option.text(variant.options) == option.defaultText(); });
    return all;
}

std::vector<Variant> eachModel(std::int64_t smallFileOctets) {
    std::vector<Variant> all;
    for (const auto& model : models()) {
        if (model.whyUnavailable().empty()) {
            all.push_back({std::string(model.id), defaultsOf(model, smallFileOctets)});
        }
    }
    return all;
}

} // namespace

std::vector<Variant> plainVariants() { return eachModel(10'000); }

std::vector<Variant> variants() {
    const auto plain = plainVariants();
    auto all = plain;
    append(all, without(withEach(plain, "transfer"), "transfer"));
    append(all, without(withEach(plain, "demultiplexer"), "demultiplexer"));
    return all;
}

std::vector<Variant> combinations() {
    auto plain = eachModel(2'000);
    for (auto& variant : plain) {
        variant.options.files.maximumOctets = 6'000;
        variant.options.files.maximumFiles = 8;
    }
    // A processor by name, where the model has one: what suits it is one of them.
    auto processors = withEach(plain, "processor");
    std::erase_if(processors, [](const Variant& variant) {
        return variant.options.processor == ProcessorKind::Suited &&
               takes(*findModel(variant.options.model), setting("processor"));
    });
    auto all = withEach(without(withEach(processors, "transfer"), "transfer"), "cache");
    append(all, without(withEach(without(withEach(plain, "transfer"), "transfer"), "cork"), "cork"));
    return all;
}

void addVariantRows(const std::vector<Variant>& variants) {
    QTest::addColumn<int>("variant");
    for (std::size_t i = 0; i < variants.size(); ++i) {
        QTest::newRow(variants[i].name.c_str()) << static_cast<int>(i);
    }
}

Server& Servers::of(const Variant& variant, const std::string& root) {
    constexpr std::size_t most = 24;
    if (m_servers.size() >= most && !m_servers.contains(variant.name)) {
        stopAll();
    }
    auto& server = m_servers[variant.name];
    if (!server) {
        auto options = variant.options;
        options.root = root;
        server = std::move(Server::start(std::move(options), nullptr).value());
    }
    return *server;
}

void Servers::stopAll() {
    std::vector<std::future<std::size_t>> stopping;
    for (const auto& [name, server] : m_servers) {
        if (server) {
            stopping.push_back(std::async(std::launch::async, [&server = *server] { return server.stop(); }));
        }
    }
    for (auto& one : stopping) {
        one.wait();
    }
    m_servers.clear();
}

} // namespace lab::test
