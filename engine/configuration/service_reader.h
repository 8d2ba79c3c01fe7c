// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/configuration/service_spec.h"
#include "engine/configuration/wanted_server.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

struct LocatedValue;
struct ReadErrors;

/// Reads a list of services as configuration files and scenarios have it:
///
///     [{"service": "gzip", "level": 9},
///      {"service": "headers", "name": "no-store", "suspended": true, "set": ["Cache-Control: no-store"]}]
///
/// `path` of the list in the document: "services". Whatever is wrong is told with its line and field:
/// "services[0].level".
std::vector<ServiceSpec> readServices(const LocatedValue& list, const std::string& path, ReadErrors& errors);

/// A configuration file: {"services": [...]}, where wanted "server" with a model and options of the server, and "title"
/// for whoever reads it. Errors name file, line and field; unknown fields are refused. Services are there in any case.
Result<WantedServer> readConfiguration(const std::string& file);
/// `name` stands for the file in errors.
Result<WantedServer> parseConfiguration(std::string_view text, std::string_view name);

/// "gzip", "delay:milliseconds=20,share=0.5", "headers:name=second,set=A: b,set=C: d": as the command line has it. A
/// comma in a value is written "\,". Error: of the form, or as checkService().
Result<ServiceSpec> parseServiceArgument(std::string_view text);

/// The parameters alone: "milliseconds=20,share=0.5"; nothing for an empty text.
Result<std::vector<ParameterSpec>> parseParameters(std::string_view text);
/// What parseParameters() reads.
std::string textOf(std::span<const ParameterSpec> parameters);

/// Adds `spec` behind the others; where its name is taken and was not given, by one with a number behind it.
void addService(std::vector<ServiceSpec>& services, ServiceSpec spec);

} // namespace lab
