// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/arguments.h"

#include "engine/analysis/text_table.h"
#include "engine/cli/command.h"

#include <boost/lexical_cast/try_lexical_convert.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>

#include <cmath>
#include <ostream>

namespace lab {

namespace po = boost::program_options;

namespace {

constexpr unsigned helpWidth = 100;
using Texts = std::vector<std::string>;

std::string rangeError(const std::string& name, double least, double most, std::string_view kind) {
    return "--" + name + " must be " + std::string(kind) + " from " + plainNumber(least) + " to " + plainNumber(most);
}

} // namespace

Arguments::Arguments(std::string command, std::string usage, std::string about)
    : m_command(std::move(command))
    , m_usage(std::move(usage))
    , m_about(std::move(about))
    , m_shown("Options", helpWidth) {
    addSwitch("help", "show this text");
}

void Arguments::addSwitch(const char* name, const char* about) { m_shown.add_options()(name, about); }

void Arguments::addOption(const char* name, const char* value, const char* about) {
    m_shown.add_options()(name, po::value<std::string>()->value_name(value), about);
}

void Arguments::addRepeated(const char* name, const char* value, const char* about) {
    m_shown.add_options()(name, po::value<Texts>()->composing()->value_name(value), about);
}

void Arguments::addPositional(const char* name, bool repeated) {
    if (repeated) {
        m_hidden.add_options()(name, po::value<Texts>());
    } else {
        m_hidden.add_options()(name, po::value<std::string>());
    }
    m_positional.add(name, repeated ? -1 : 1);
}

std::optional<int> Arguments::read(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    namespace style = po::command_line_style;
    po::options_description all;
    all.add(m_shown).add(m_hidden);
    try {
        po::store(po::command_line_parser(Texts(arguments.begin(), arguments.end()))
                      .options(all)
                      .positional(m_positional)
                      .style(style::default_style & ~style::allow_guessing)
                      .run(),
                  m_values);
        po::notify(m_values);
    } catch (const po::too_many_positional_options_error&) {
        return complain(err, "too many arguments", exitUsage);
    } catch (const po::error& mistake) {
        return complain(err, mistake.what(), exitUsage);
    }
    if (has("help")) {
        printHelp(out);
        return exitDone;
    }
    return std::nullopt;
}

void Arguments::printHelp(std::ostream& out) const {
    out << "Usage: proactor-lab " << m_command << (m_usage.empty() ? "" : " ") << m_usage << "\n\n"
        << m_about << "\n\n"
        << m_shown << m_notes
        << "\nExit codes: 0 done; 1 failed while running; 2 wrong usage, or input that is not as it should be.\n"
           "Results go to standard output, errors to standard error.\n";
}

std::string Arguments::text(const std::string& name, std::string otherwise) const {
    return has(name) ? m_values[name].as<std::string>() : std::move(otherwise);
}

std::vector<std::string> Arguments::texts(const std::string& name) const {
    return has(name) ? m_values[name].as<Texts>() : Texts{};
}

Result<double> Arguments::number(const std::string& name, double otherwise, double least, double most) const {
    if (!has(name)) {
        return otherwise;
    }
    double value = 0;
    if (!boost::conversion::try_lexical_convert(text(name), value) || !(value >= least && value <= most)) {
        return Error{rangeError(name, least, most, "a number")};
    }
    return value;
}

Result<std::int64_t> Arguments::whole(const std::string& name, std::int64_t otherwise, std::int64_t least,
                                      std::int64_t most) const {
    if (!has(name)) {
        return otherwise;
    }
    std::int64_t value = 0;
    if (!boost::conversion::try_lexical_convert(text(name), value) || value < least || value > most) {
        return Error{rangeError(name, static_cast<double>(least), static_cast<double>(most), "a whole number")};
    }
    return value;
}

int Arguments::complain(std::ostream& err, std::string_view what, int code) const {
    err << "proactor-lab " << m_command << ": " << what << '\n';
    if (code == exitUsage) {
        err << "See proactor-lab " << m_command << " --help\n";
    }
    return code;
}

} // namespace lab
