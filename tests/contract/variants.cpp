// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/variants.h"

#include "engine/concurrency/model.h"

#include <QTest>

#include <algorithm>

namespace lab::test {

std::vector<Variant> variants() {
    std::vector<Variant> all;
    for (const auto& model : models()) {
        if (model.unavailable && !model.unavailable().empty()) {
            continue;
        }
        ServerOptions options;
        options.model = model.id;
        options.files.smallFileOctets = 10'000;
        all.push_back({options.model, options});
        options.transfer = FileTransfer::ReadWrite;
        all.push_back({options.model + " with read and write", options});
        options.transfer = FileTransfer::TransmitFile;
        if (std::find(model.options.begin(), model.options.end(), "demultiplexer") != model.options.end()) {
            options.demultiplexer = Demultiplexer::Select;
            all.push_back({options.model + " with select", options});
            options.demultiplexer = Demultiplexer::Poll;
            all.push_back({options.model + " with poll", options});
        }
    }
    return all;
}

void addVariantRows(const std::vector<Variant>& variants) {
    QTest::addColumn<int>("variant");
    for (std::size_t i = 0; i < variants.size(); ++i) {
        QTest::newRow(variants[i].name.c_str()) << static_cast<int>(i);
    }
}

Server& Servers::of(const Variant& variant, const std::string& root) {
    auto& server = m_servers[variant.name];
    if (!server) {
        auto options = variant.options;
        options.root = root;
        server = std::move(Server::start(std::move(options), nullptr).value());
    }
    return *server;
}

} // namespace lab::test
