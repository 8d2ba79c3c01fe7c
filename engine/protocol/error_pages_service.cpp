// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/service_list.h"
#include "engine/filesystem/cached_filesystem.h"
#include "engine/http/status.h"

#include <array>
#include <charconv>
#include <map>
#include <unistd.h>

namespace lab {

namespace {

constexpr std::array errorPageParameters{
    ServiceParameter{.name = "pages",
                     .about = "STATUS=/PATH for each page: a file of the server's document tree",
                     .kind = ServiceParameter::Kind::Texts},
};

constexpr std::int64_t largestPage = 1024 * 1024;

/// The content of a file that is sent as a page; null: too large, or cannot be read.
std::shared_ptr<const std::string> contentOf(std::shared_ptr<const ServedFile> file) {
    if (file->inMemory()) {
        const auto* content = &file->content;
        return {std::move(file), content};
    }
    if (file->size > largestPage) {
        return nullptr;
    }
    auto content = std::make_shared<std::string>(static_cast<std::size_t>(file->size), '\0');
    const auto octets = ::pread(file->descriptor.get(), content->data(), content->size(), 0);
    return octets == file->size ? content : nullptr;
}

/// Paths by status.
Result<std::map<unsigned, std::string>> readErrorPages(const ServiceParameters& parameters) {
    std::map<unsigned, std::string> pages;
    for (const auto& entry : parameters.texts("pages")) {
        unsigned code = 0;
        const auto [end, failure] = std::from_chars(entry.data(), entry.data() + entry.size(), code);
        const auto path = entry.substr(static_cast<std::size_t>(end - entry.data()));
        if (failure != std::errc{} || !path.starts_with("=/")) {
            return Error{"pages: a page is written STATUS=/PATH, not \"" + entry + "\""};
        }
        if (!isErrorStatus(code)) {
            return Error{"pages: " + std::to_string(code) + " is no error status of this server"};
        }
        if (!pages.emplace(code, path.substr(1)).second) {
            return Error{"pages: there is a page for " + std::to_string(code) + " already"};
        }
    }
    return pages.empty() ? Error{"pages: names no page"} : Result<std::map<unsigned, std::string>>(pages);
}

/// Sends files of the document tree in place of the small pages that come with error statuses. A file that is not there
/// leaves the small page.
class ErrorPages final : public Service {
public:
    explicit ErrorPages(std::map<unsigned, std::string> pages)
        : m_pages(std::move(pages)) {}

    std::optional<ErrorContent> errorContent(const Exchange& exchange, unsigned status) override {
        const auto page = m_pages.find(status);
        if (page == m_pages.end()) {
            return std::nullopt;
        }
        auto lookup = exchange.files->find(page->second, exchange.connection);
        if (lookup.found != FileLookup::Found::File) {
            return std::nullopt;
        }
        const auto type = lookup.file->contentType;
        auto content = contentOf(std::move(lookup.file));
        return content ? std::optional(ErrorContent{std::move(content), type}) : std::nullopt;
    }

private:
    const std::map<unsigned, std::string> m_pages; ///< by status
};

} // namespace

const ServiceDescription errorPagesService{
    .id = "error-pages",
    .title = "Error pages",
    .source = "López Ortega, Cherokee, section VI",
    .about = "Sends pages of the document tree with error statuses, in place of the small ones that are built in.",
    .hooks = {ServiceHook::ErrorContent},
    .parameters = errorPageParameters,
    .create = [](const ServiceParameters& parameters, const ServiceNeeds&) -> Result<std::shared_ptr<Service>> {
        auto pages = readErrorPages(parameters);
        return pages ? Result<std::shared_ptr<Service>>(std::make_shared<ErrorPages>(std::move(*pages)))
                     : pages.error();
    },
    .check = [](const ServiceParameters& parameters) -> Result<void> {
        const auto pages = readErrorPages(parameters);
        return pages ? Result<void>() : pages.error();
    },
};

} // namespace lab
