// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/watched_file.h"
#include "engine/configuration/service_list.h"
#include "engine/filesystem/cached_filesystem.h"
#include "engine/http/basic_credentials.h"
#include "engine/http/password_file.h"
#include "engine/http/status.h"

#include <algorithm>
#include <array>
#include <mutex>

namespace lab {

namespace {

constexpr std::array authenticationParameters{
    ServiceParameter{.name = "people",
                     .about =
                         "A file that has a line NAME:HASH for each person, the hash as \"openssl passwd -6\" makes "
                         "it",
                     .kind = ServiceParameter::Kind::File},
    ServiceParameter{.name = "paths",
                     .about = "What is protected: each path with all that is below it",
                     .kind = ServiceParameter::Kind::Texts,
                     .byDefault = "/"},
    ServiceParameter{.name = "realm",
                     .about = "What a browser shows when it asks for name and password",
                     .kind = ServiceParameter::Kind::Text,
                     .byDefault = "Proactor Lab"},
};

/// As a quoted string (RFC 9110 section 5.6.4).
std::string quotedText(std::string_view text) {
    std::string quoted = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') {
            quoted.push_back('\\');
        }
        quoted.push_back(letter);
    }
    return quoted + "\"";
}

/// Asks for name and password (RFC 7617). Each request is checked by hashing anew, in the thread that answers: under an
/// event loop everybody waits meanwhile.
class BasicAuthentication final : public Service {
public:
    explicit BasicAuthentication(const ServiceParameters& parameters)
        : m_file(parameters.text("people"))
        , m_challenge("Basic realm=" + quotedText(parameters.text("realm")) + ", charset=\"UTF-8\"") {
        for (auto path : parameters.texts("paths")) {
            while (path.ends_with('/')) {
                path.pop_back();
            }
            m_paths.push_back(std::move(path));
        }
    }

    /// Where the file is wrong, who had a password keeps it.
    Result<void> read() {
        const std::lock_guard turn(m_reading); // or an earlier look at the file could replace a later one
        auto people = PasswordFile::read(m_file.file());
        const std::lock_guard lock(m_mutex);
        m_trouble = people ? std::string() : people.error().message;
        if (!people) {
            return people.error();
        }
        m_people = std::make_shared<const PasswordFile>(std::move(*people));
        return {};
    }

    void refresh() override { static_cast<void>(read()); }

    std::string trouble() const override {
        const std::lock_guard lock(m_mutex);
        return m_trouble;
    }

    std::optional<ServiceRefusal> authorize(Exchange& exchange) override {
        // The address of a folder stands for the index in it, too.
        if (!isProtected(exchange.path) &&
            !(exchange.path.ends_with('/') &&
              isProtected(std::string(exchange.path).append(CachedFilesystem::indexName)))) {
            return std::nullopt;
        }
        const auto field = exchange.field("Authorization");
        const auto credentials = field ? readBasicCredentials(*field) : std::nullopt;
        if (credentials && people()->isRight(credentials->user, credentials->password)) {
            exchange.user = credentials->user;
            return std::nullopt;
        }
        return ServiceRefusal{status::unauthorized, {{"WWW-Authenticate", m_challenge}}};
    }

private:
    bool isProtected(std::string_view path) const {
        return std::any_of(m_paths.begin(), m_paths.end(), [path](const std::string& above) {
            return path.starts_with(above) && (path.size() == above.size() || path[above.size()] == '/');
        });
    }

    std::shared_ptr<const PasswordFile> people() {
        if (m_file.hasChanged()) {
            refresh();
        }
        const std::lock_guard lock(m_mutex);
        return m_people;
    }

    WatchedFile m_file;
    const std::string m_challenge;
    std::vector<std::string> m_paths; ///< without the last slash
    std::mutex m_reading;
    mutable std::mutex m_mutex;
    std::shared_ptr<const PasswordFile> m_people; ///< guarded by m_mutex
    std::string m_trouble;                        ///< guarded by m_mutex
};

Result<void> checkAuthentication(const ServiceParameters& parameters) {
    for (const auto& path : parameters.texts("paths")) {
        if (!path.starts_with('/')) {
            return Error{"paths: a path begins with '/', not \"" + path + "\""};
        }
    }
    return {};
}

} // namespace

const ServiceDescription basicAuthenticationService{
    .id = "basic-authentication",
    .title = "Basic authentication",
    .source = "López Ortega, Cherokee, section VI; RFC 7617",
    .about = "Asks for a name and a password. They travel readable for everybody on the way, since the lab has no TLS.",
    .hooks = {ServiceHook::Authorize},
    .parameters = authenticationParameters,
    .create = [](const ServiceParameters& parameters, const ServiceNeeds&) -> Result<std::shared_ptr<Service>> {
        auto service = std::make_shared<BasicAuthentication>(parameters);
        if (auto read = service->read(); !read) {
            return Error{"people: " + read.error().message};
        }
        return std::shared_ptr<Service>(std::move(service));
    },
    .check = checkAuthentication,
};

} // namespace lab
