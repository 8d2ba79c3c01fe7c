// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/number_text.h"
#include "gui/scene/stage_parts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

namespace lab {

namespace {

/// A client of the traffic, or a connection from outside.
struct Guest {
    const ClientState* client = nullptr;
    const ConnectionState* connection = nullptr; ///< from outside
    bool now = false;
    bool selected = false;

    bool outside() const { return connection != nullptr; }
    Selection selection() const {
        return connection ? Selection{Selection::Kind::Connection, connection->id}
                          : Selection{Selection::Kind::Client, client->id};
    }
    QString name() const {
        if (connection) {
            return number(connection->id);
        }
        return client->connection != 0 ? number(client->connection) : QStringLiteral("client %1").arg(client->id);
    }
    /// Index of its state in `states`.
    std::size_t state() const { return connection ? 5 : static_cast<std::size_t>(client->phase); }
    QString words() const;
    QString tip() const { return name() + QStringLiteral(" - ") + words(); }
    Work work() const;
};

constexpr std::array<std::string_view, 6> states{"idle", "connecting", "sent", "receiving", "failed", "outside"};
constexpr std::array stateWorks{Work::Wait, Work::Accept, Work::Read, Work::Write, Work::None, Work::None};

QString Guest::words() const { return text(states[state()]); }
Work Guest::work() const { return connection ? stateWork(*connection) : stateWorks[state()]; }

std::vector<Guest> guests(const StageScene& scene) {
    std::vector<Guest> all;
    all.reserve(scene.state().clients.size() + 8);
    for (const auto& [id, connection] : scene.state().connections) {
        if (connection.fromOutside) {
            all.push_back({nullptr, &connection, scene.now.connection == id, scene.isRelated(id)});
        }
    }
    for (const auto& [id, client] : scene.state().clients) {
        const bool chosen = scene.isSelected(Selection::Kind::Client, id) ||
                            (client.connection != 0 && scene.isRelated(client.connection));
        all.push_back({&client, nullptr, scene.now.client == id, chosen});
    }
    return all;
}

void paintGuest(StageScene& scene, const QRectF& place, const Guest& guest) {
    auto& canvas = scene.canvas;
    const auto& theme = scene.theme;
    const double unit = scene.unit();
    const auto line = scene.outline(guest.now, guest.selected, guest.outside() ? theme.outside : theme.boxLine);
    canvas.pill(place, theme.box, line,
                guest.outside() && !guest.now ? 2.2 * unit : scene.outlineWidth(guest.now, guest.selected));
    const double radius = std::min(7.5 * unit, place.height() * 0.28);
    const QPointF dot(place.left() + place.height() / 2, place.center().y());
    canvas.dot(dot, radius, theme.of(guest.work()));
    QRectF words = place.adjusted(place.height() / 2 + radius + 6 * unit, 0, -6 * unit, 0);
    if (scene.at.twoLines) {
        const double name = canvas.height(Type::Bold);
        const double small = canvas.height(Type::Small);
        const double top = place.center().y() - (name + small) / 2;
        canvas.text(QRectF(words.left(), top, words.width(), name), Qt::AlignLeft, guest.name(), Type::Bold,
                    theme.text);
        canvas.text(QRectF(words.left(), top + name, words.width(), small), Qt::AlignLeft, guest.words(), Type::Small,
                    guest.outside() ? theme.outside : theme.textSoft);
    } else {
        const auto name = canvas.width(Type::Bold, guest.name()) <= words.width()
                              ? guest.name()
                              : guest.name().section(QLatin1Char(' '), -1);
        canvas.text(words, Qt::AlignLeft | Qt::AlignVCenter, name, Type::Bold,
                    guest.outside() ? theme.outside : theme.text);
    }
    canvas.hit(place, guest.selection(), guest.tip());
    if (guest.now) {
        canvas.head({scene.at.stage.left() - 2 * unit, place.center().y()}, {1, 0}, theme.now, 9 * unit);
    }
}

/// Too many for boxes: a dot each.
double paintGuestDots(StageScene& scene, const QRectF& place, const std::vector<Guest>& all) {
    const double unit = scene.unit();
    double pitch = 15 * unit;
    while (std::floor(place.width() / pitch) * std::floor(place.height() / pitch) < static_cast<double>(all.size())) {
        pitch -= 0.5;
        if (pitch < 5 * unit) {
            return place.top();
        }
    }
    const auto columns = static_cast<std::size_t>(place.width() / pitch);
    double bottom = place.top();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& guest = all[i];
        const QRectF cell(place.left() + static_cast<double>(i % columns) * pitch,
                          place.top() + static_cast<double>(i / columns) * pitch, pitch, pitch);
        const double radius = pitch * 0.38;
        scene.canvas.dot(cell.center(), radius, scene.theme.of(guest.work()));
        if (guest.now || guest.selected || guest.outside()) {
            const auto line = scene.outline(guest.now, guest.selected, scene.theme.outside);
            scene.canvas.box(cell, Qt::transparent, line, 2 * unit, pitch / 2);
        }
        scene.canvas.hit(cell, guest.selection(), guest.tip());
        bottom = cell.bottom();
    }
    return bottom;
}

/// "64 clients", and how many do what.
void paintGuestCounts(StageScene& scene, QRectF place, const std::vector<Guest>& all) {
    auto& canvas = scene.canvas;
    const double high = canvas.height(Type::Small) + 2 * scene.unit();
    auto words = QStringLiteral("%1 in all").arg(countText(all.size()));
    if (canvas.width(Type::SmallBold, words) > place.width()) {
        words = countText(all.size());
    }
    canvas.text(QRectF(place.topLeft(), QSizeF(place.width(), high)), Qt::AlignLeft | Qt::AlignVCenter, words,
                Type::SmallBold, scene.theme.text);
    place.setTop(place.top() + high);
    std::array<std::size_t, states.size()> counts{};
    for (const auto& guest : all) {
        ++counts[guest.state()];
    }
    for (std::size_t state = 0; state < states.size(); ++state) {
        const auto line = countText(counts[state]) + QLatin1Char(' ') + text(states[state]);
        if (counts[state] == 0 || place.height() < high ||
            canvas.width(Type::Small, line) > place.width() - 14 * scene.unit()) {
            continue;
        }
        const double radius = 4 * scene.unit();
        canvas.dot({place.left() + radius, place.top() + high / 2}, radius,
                   state == 5 ? scene.theme.outside : scene.theme.of(stateWorks[state]));
        canvas.text(QRectF(place.left() + 3.4 * radius, place.top(), place.width() - 3.4 * radius, high),
                    Qt::AlignLeft | Qt::AlignVCenter, line, Type::Small, scene.theme.textSoft);
        place.setTop(place.top() + high);
    }
}

void paintManyGuests(StageScene& scene, QRectF place, const std::vector<Guest>& all) {
    const double unit = scene.unit();
    const double counts = 7 * (scene.canvas.height(Type::Small) + 2 * unit);
    const auto now = std::find_if(all.begin(), all.end(), [](const Guest& guest) { return guest.now; });
    const double pill = scene.at.boxHeight;
    QRectF dots = place;
    dots.setHeight(std::max(0.0, place.height() - counts - pill - 14 * unit));
    QRectF rest = place;
    rest.setTop(paintGuestDots(scene, dots, all) + 6 * unit);
    rest.setBottom(place.bottom() - pill - 6 * unit);
    paintGuestCounts(scene, rest, all);
    if (now != all.end()) {
        paintGuest(scene, QRectF(place.left(), place.bottom() - pill, place.width(), pill), *now);
    }
}

} // namespace

void paintClients(StageScene& scene) {
    const auto all = guests(scene);
    const double unit = scene.unit();
    QRectF place = scene.at.clients;
    if (scene.input.labels && scene.canvas.width(Type::Section, QStringLiteral("CLIENTS")) <= place.width()) {
        const double label = scene.canvas.height(Type::Section);
        scene.canvas.text(QRectF(place.left(), place.top() + 5 * unit, place.width(), label), Qt::AlignHCenter,
                          QStringLiteral("CLIENTS"), Type::Section, scene.theme.textSoft);
        place.setTop(place.top() + label + 12 * unit);
    }
    const double high = scene.at.boxHeight;
    const double gap = 8 * unit;
    if (static_cast<double>(all.size()) * (high + gap) - gap > place.height()) {
        paintManyGuests(scene, place, all);
        return;
    }
    for (const auto& guest : all) {
        paintGuest(scene, QRectF(place.left(), place.top(), place.width(), high), guest);
        place.setTop(place.top() + high + gap);
    }
}

namespace {

/// What became of the last look at a file: "hit, in memory"; where that is too long, "hit".
std::pair<QString, QString> outcomeOf(const FileState& file) {
    if (file.evicted) {
        return {QStringLiteral("evicted"), QStringLiteral("evicted")};
    }
    const auto hit = QStringLiteral("hit");
    const auto miss = QStringLiteral("miss");
    switch (file.source) {
    case FileSource::CacheHit: return {QStringLiteral("hit, in memory"), hit};
    case FileSource::DescriptorHit: return {QStringLiteral("hit, kept open"), hit};
    case FileSource::CacheMiss: return {QStringLiteral("miss, read"), miss};
    case FileSource::DescriptorMiss: return {QStringLiteral("miss, opened"), miss};
    case FileSource::Opened: return {QStringLiteral("miss, no room"), miss};
    case FileSource::Uncached: return {QStringLiteral("no cache"), miss};
    default: return {};
    }
}

/// One of those shown: its name, and below it what became of it in the cache. A full dot is a hit, a ring none.
void paintFile(StageScene& scene, const QRectF& place, const FileState& file) {
    auto& canvas = scene.canvas;
    const auto& theme = scene.theme;
    const double unit = scene.unit();
    const bool now = scene.now.file == file.path && file.path != 0;
    canvas.box(place, theme.box, scene.outline(now, false, theme.boxLine), scene.outlineWidth(now, false), 6 * unit,
               file.evicted);
    auto name = text(scene.input.glossary.name(file.path));
    if (name.size() > 1 && name.startsWith(QLatin1Char('/'))) {
        name.remove(0, 1);
    }
    const double first = canvas.height(Type::Body);
    const double second = canvas.height(Type::Small);
    const double top = place.center().y() - (first + second) / 2;
    const QRectF line(place.left() + 10 * unit, top, place.width() - 32 * unit, first);
    const auto written = canvas.text(line, Qt::AlignLeft, name, Type::Body, file.evicted ? theme.textSoft : theme.text);
    if (file.evicted) {
        const double through = written.center().y() + 0.05 * first;
        canvas.line({written.left(), through}, {written.right(), through}, theme.textSoft, 1.6 * unit);
    }
    const auto& connections = scene.state().connections;
    const bool served = std::any_of(connections.begin(), connections.end(), [&](const auto& entry) {
        return entry.second.path == file.path && entry.second.fileSource != FileSource::NotFound &&
               (entry.second.phase == ConnectionPhase::Serving || entry.second.phase == ConnectionPhase::Sending);
    });
    if (served) {
        canvas.dot({place.right() - 12 * unit, line.center().y()}, 5 * unit, theme.of(Work::File));
    }
    const double mark = 0.26 * second;
    const QPointF centre(line.left() + mark, top + first + second / 2);
    if (isHit(file.source) && !file.evicted) {
        canvas.dot(centre, mark, theme.of(Work::File));
    } else {
        canvas.box(QRectF(centre.x() - mark, centre.y() - mark, 2 * mark, 2 * mark), Qt::transparent, theme.textSoft,
                   1.4 * unit, mark);
    }
    const QRectF below(line.left() + 2 * mark + 5 * unit, top + first,
                       place.right() - line.left() - 2 * mark - 9 * unit, second);
    const auto [words, brief] = outcomeOf(file);
    canvas.text(below, Qt::AlignLeft, canvas.width(Type::Small, words) <= below.width() ? words : brief, Type::Small,
                now ? theme.nowText : theme.textSoft);
}

/// What the cache has done so far, above the files: it belongs to the server, they do not.
void paintCacheTotals(StageScene& scene) {
    auto& canvas = scene.canvas;
    const auto& totals = scene.state().totals;
    if (!scene.input.labels || totals.cacheHits + totals.cacheMisses + totals.evictions == 0) {
        return;
    }
    const double unit = scene.unit();
    const auto& at = scene.at;
    const bool none = settingAt(scene.state(), scene.input.glossary, "cache") == "none";
    const double high = canvas.height(Type::Small);
    const QRectF all(at.files.left(), at.floor - 8 * unit - 3 * high, at.files.width(), 3 * high);
    const auto label = canvas.height(Type::Section);
    canvas.text(QRectF(all.left(), all.top() - label - 4 * unit, all.width(), label), Qt::AlignHCenter,
                none ? QStringLiteral("NO CACHE") : QStringLiteral("CACHE"), Type::Section, scene.theme.textSoft);
    const std::array lines{std::pair{QStringLiteral("hits"), totals.cacheHits},
                           std::pair{QStringLiteral("misses"), totals.cacheMisses},
                           std::pair{QStringLiteral("evicted"), totals.evictions}};
    double y = all.top();
    for (const auto& [what, count] : lines) {
        const QRectF line(all.left() + 4 * unit, y, all.width() - 8 * unit, high);
        canvas.text(line, Qt::AlignLeft, what, Type::Small, scene.theme.textSoft);
        canvas.text(line, Qt::AlignRight, countText(count), Type::SmallBold, scene.theme.text);
        y += high;
    }
}

} // namespace

void paintFiles(StageScene& scene) {
    if (scene.at.files.isEmpty()) {
        return;
    }
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    const auto& at = scene.at;
    paintCacheTotals(scene);
    if (scene.input.labels) {
        canvas.text(QRectF(at.files.left(), at.floor + 5 * unit, at.files.width(), canvas.height(Type::Section)),
                    Qt::AlignHCenter, QStringLiteral("FILES"), Type::Section, scene.theme.textSoft);
    }
    std::vector<FileState> files(scene.state().files.begin(), scene.state().files.end());
    const double high = canvas.height(Type::Body) + canvas.height(Type::Small) + (canvas.projector() ? 2 : 8) * unit;
    const double gap = (canvas.projector() ? 4 : 7) * unit;
    const double first = at.floor + canvas.height(Type::Section) + (canvas.projector() ? 7 : 11) * unit;
    const double room = at.stage.bottom() - first;
    const auto fit = static_cast<std::size_t>(std::max(0.0, std::floor((room + gap) / (high + gap))));
    files.resize(std::min(files.size(), fit)); // the newest
    // Their order of use changes too often to be looked at.
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    double y = first;
    for (const auto& file : files) {
        paintFile(scene, QRectF(at.files.left(), y, at.files.width(), high), file);
        y += high + gap;
    }
}

} // namespace lab
