// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/http_date.h"

#include <algorithm>
#include <array>
#include <clocale>
#include <time.h>

namespace lab {

namespace {

constexpr const char* imfForm = "%a, %d %b %Y %H:%M:%S GMT";

/// Names of days and months in English, whatever language the program speaks.
locale_t englishLocale() {
    static const locale_t locale = newlocale(LC_ALL_MASK, "C", nullptr);
    return locale;
}

/// Puts the text into `buffer`; returns its length.
template <std::size_t size>
std::size_t writeDate(std::array<char, size>& buffer, const char* form, std::time_t time) {
    std::tm parts{};
    gmtime_r(&time, &parts);
    return strftime_l(buffer.data(), buffer.size(), form, &parts, englishLocale());
}

} // namespace

std::string formatHttpDate(std::time_t time) {
    std::array<char, 64> buffer;
    return {buffer.data(), writeDate(buffer, imfForm, time)};
}

std::optional<std::time_t> parseHttpDate(std::string_view text, std::time_t now) {
    std::array<char, 64> terminated{};
    if (text.empty() || text.size() >= terminated.size()) {
        return std::nullopt;
    }
    std::copy(text.begin(), text.end(), terminated.begin());

    constexpr const char* rfc850Form = "%A, %d-%b-%y %H:%M:%S GMT";
    for (const char* form : {imfForm, rfc850Form, "%a %b %e %H:%M:%S %Y"}) {
        std::tm parts{};
        const char* end = strptime_l(terminated.data(), form, &parts, englishLocale());
        if (end == nullptr || *end != '\0') {
            continue;
        }
        std::tm current{};
        gmtime_r(&now, &current);
        if (form == rfc850Form && parts.tm_year > current.tm_year + 50) {
            parts.tm_year -= 100;
        }
        return timegm(&parts);
    }
    return std::nullopt;
}

std::time_t wallSeconds() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return now.tv_sec;
}

std::string_view dateField() {
    thread_local std::time_t madeFor = -1;
    thread_local std::array<char, 64> buffer{};
    thread_local std::size_t length = 0;
    const auto now = wallSeconds();
    if (now != madeFor) {
        length = writeDate(buffer, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", now);
        madeFor = now;
    }
    return {buffer.data(), length};
}

} // namespace lab
