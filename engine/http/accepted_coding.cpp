// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/accepted_coding.h"

#include "engine/http/characters.h"

#include <optional>

namespace lab {

namespace {

constexpr int wholeWeight = 1000;

/// In thousandths: "1", "0.5", "0.125"; none: 0.
int weightOf(std::string_view text) {
    if (text.empty() || (text.front() != '0' && text.front() != '1')) {
        return 0;
    }
    int weight = (text.front() - '0') * wholeWeight;
    auto digits = text.substr(1);
    if (!digits.empty()) {
        constexpr std::size_t mostDigits = 3;
        if (digits.front() != '.' || digits.size() > 1 + mostDigits || !allOf(DigitCharacter, digits.substr(1))) {
            return 0;
        }
        int place = wholeWeight / 10;
        for (const char digit : digits.substr(1)) {
            weight += (digit - '0') * place;
            place /= 10;
        }
    }
    return weight <= wholeWeight ? weight : 0;
}

/// "gzip;q=0.5" becomes its name and weight.
int takeWeight(std::string_view& coding) {
    const auto semicolon = coding.find(';');
    if (semicolon == std::string_view::npos) {
        return wholeWeight;
    }
    const auto parameter = withoutOuterSpace(coding.substr(semicolon + 1));
    coding = withoutOuterSpace(coding.substr(0, semicolon));
    return equalsIgnoringCase(parameter.substr(0, 2), "q=") ? weightOf(parameter.substr(2)) : 0;
}

} // namespace

bool wantsGzip(std::string_view acceptEncoding) {
    std::optional<int> gzip;
    std::optional<int> any;
    std::optional<int> identity;
    while (!acceptEncoding.empty()) {
        auto coding = takeListElement(acceptEncoding);
        const int weight = takeWeight(coding);
        if (equalsIgnoringCase(coding, "gzip") || equalsIgnoringCase(coding, "x-gzip")) {
            gzip = weight;
        } else if (coding == "*") {
            any = weight;
        } else if (equalsIgnoringCase(coding, "identity")) {
            identity = weight;
        }
    }
    const int wanted = gzip.value_or(any.value_or(0));
    return wanted > 0 && wanted >= identity.value_or(0);
}

} // namespace lab
