// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/watched_file.h"
#include "engine/configuration/service_list.h"
#include "engine/filesystem/user_filesystem.h"

#include <array>
#include <iterator>
#include <mutex>

namespace lab {

namespace {

constexpr std::array tildeParameters{
    ServiceParameter{.name = "users",
                     .about = "A file that has a line NAME:FOLDER for each user",
                     .kind = ServiceParameter::Kind::File,
                     .optional = true},
    ServiceParameter{.name = "passwd",
                     .about = "A file in the form of passwd(5), such as /etc/passwd; system users are left out",
                     .kind = ServiceParameter::Kind::File,
                     .optional = true},
    ServiceParameter{.name = "public-folder",
                     .about = "Which folder below the home of who stands in passwd is served",
                     .kind = ServiceParameter::Kind::Text,
                     .byDefault = "public_html"},
};

/// Serves "/~user/path" from that user's public folder. The files that say who there is are looked at now and then;
/// when they have changed, the hash is made anew.
class TildeService final : public Service {
public:
    TildeService(const ServiceParameters& parameters, const ServiceNeeds& needs)
        : m_users(parameters.text("users"))
        , m_passwd(parameters.text("passwd"))
        , m_publicFolder(parameters.text("public-folder"))
        , m_files(makeUserFilesystem(m_expander, needs.recording)) {}

    Result<void> rebuild();

    void chooseFile(const Exchange& exchange, FileChoice& choice) override;
    void refresh() override {
        static_cast<void>(rebuild());
        m_files->refresh();
    }
    std::string trouble() const override {
        const std::lock_guard lock(m_mutex);
        return m_trouble;
    }

private:
    Result<std::vector<UserFolder>> read() const;

    WatchedFile m_users;
    WatchedFile m_passwd;
    const std::string m_publicFolder;
    TildeExpander m_expander;
    const std::unique_ptr<CachedFilesystem> m_files;
    std::mutex m_rebuilding;
    mutable std::mutex m_mutex;
    std::string m_trouble; ///< guarded by m_mutex
};

Result<std::vector<UserFolder>> TildeService::read() const {
    std::vector<UserFolder> users;
    if (!m_users.file().empty()) {
        auto listed = readUsersFile(m_users.file());
        if (!listed) {
            return listed;
        }
        users = std::move(*listed);
    }
    if (!m_passwd.file().empty()) {
        auto people = readPasswd(m_passwd.file(), m_publicFolder);
        if (!people) {
            return people;
        }
        users.insert(users.end(), std::make_move_iterator(people->begin()), std::make_move_iterator(people->end()));
    }
    return users;
}

/// Where the files are wrong, who was known stays known.
Result<void> TildeService::rebuild() {
    const std::lock_guard turn(m_rebuilding); // or an earlier look at the files could replace a later one
    auto users = read();
    if (users) {
        m_expander.rebuild(std::move(*users));
    }
    const std::lock_guard lock(m_mutex);
    m_trouble = users ? std::string() : users.error().message;
    return users ? Result<void>() : users.error();
}

void TildeService::chooseFile(const Exchange& exchange, FileChoice& choice) {
    const bool usersChanged = m_users.hasChanged();
    if (m_passwd.hasChanged() || usersChanged) {
        static_cast<void>(rebuild()); // trouble() tells of it
    }
    if (choice.files == exchange.files && m_expander.expand(choice.path)) {
        choice.files = m_files.get();
    }
}

Result<void> checkTilde(const ServiceParameters& parameters) {
    return parameters.text("users").empty() && parameters.text("passwd").empty()
               ? Result<void>(Error{"users or passwd must say who there is"})
               : Result<void>();
}

} // namespace

const ServiceDescription tildeService{
    .id = "tilde",
    .title = "Tilde Expander",
    .source = "Hu, Pyarali, Schmidt, section 2",
    .about = "Serves /~user/path from that user's public folder. Users are found by a perfect hash, which is made anew "
             "when one is added, and not in the system's user database.",
    .hooks = {ServiceHook::ChooseFile},
    .parameters = tildeParameters,
    .create = [](const ServiceParameters& parameters, const ServiceNeeds& needs) -> Result<std::shared_ptr<Service>> {
        auto service = std::make_shared<TildeService>(parameters, needs);
        if (auto built = service->rebuild(); !built) {
            return built.error();
        }
        return std::shared_ptr<Service>(std::move(service));
    },
    .check = checkTilde,
};

} // namespace lab
