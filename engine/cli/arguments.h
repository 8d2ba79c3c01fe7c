// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// The arguments of one command: declares them, reads them, and answers --help and mistakes alike for all.
///
/// Threads: one. Owner: the command's function.
class Arguments {
public:
    /// `usage` is what follows the command's name: "SCENARIO [options]". `about`: sentences for --help.
    Arguments(std::string command, std::string usage, std::string about);

    /// A switch; an option with a value (`value` names it in --help); a positional argument.
    void addSwitch(const char* name, const char* about);
    void addOption(const char* name, const char* value, const char* about);
    void addRepeated(const char* name, const char* value, const char* about);
    void addPositional(const char* name, bool repeated = false);
    /// More text at the end of --help.
    void addNote(std::string note) { m_notes += "\n" + std::move(note) + "\n"; }

    /// The exit code, when there is nothing left to do: --help, or a mistake, which is told on `err`.
    std::optional<int> read(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);

    bool has(const std::string& name) const { return m_values.count(name) > 0; }
    std::string text(const std::string& name, std::string otherwise = {}) const;
    std::vector<std::string> texts(const std::string& name) const;
    /// A number in a range; `otherwise` when it is not given. Error: names the option and the range.
    Result<double> number(const std::string& name, double otherwise, double least, double most) const;
    Result<std::int64_t> whole(const std::string& name, std::int64_t otherwise, std::int64_t least,
                               std::int64_t most) const;

    /// "proactor-lab run: what" on `err`; returns `code`. Wrong usage points to --help.
    int complain(std::ostream& err, std::string_view what, int code) const;

private:
    void printHelp(std::ostream& out) const;

    std::string m_command;
    std::string m_usage;
    std::string m_about;
    std::string m_notes;
    boost::program_options::options_description m_shown;
    boost::program_options::options_description m_hidden;
    boost::program_options::positional_options_description m_positional;
    boost::program_options::variables_map m_values;
};

} // namespace lab
