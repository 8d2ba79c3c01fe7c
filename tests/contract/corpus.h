// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/contract/document_tree.h"
#include "tests/contract/response_reader.h"

#include <string>
#include <utility>
#include <vector>

namespace lab::test {

/// What one response has to be like.
struct Expectation {
    unsigned status = 0;
    bool withoutContent = false;                             ///< the answer to a HEAD
    std::vector<std::pair<std::string, std::string>> checks; ///< kind and argument, as in the corpus
};

/// Octets sent on a connection of their own, and what must come back.
struct CorpusRow {
    std::string name; ///< "area: sentence"
    std::string request;
    bool halfClose = false; ///< the sending side is shut down behind the request
    bool atOnce = false;    ///< not to be sent in pieces
    std::vector<Expectation> responses;
    bool staysOpen = false; ///< afterwards another request is answered; otherwise the server ends the connection
};

/// Reads every file of tests/contract/corpus; throws std::runtime_error naming file and line. The format:
///
///     # a comment
///     == what the row is about
///     > a line of the request; CRLF is added, unless it ends in a single backslash
///     + half-close        the sending side is shut down behind the request
///     + at once           never sent in pieces: the server may have ended the connection before the last of them
///     < 200               a response; "< 200 head" when it is the answer to a HEAD
///     <   Name: value     it has exactly this field
///     <   Name            it has the field
///     <   !Name           it has not
///     <   content: PATH   its content is that file; "PATH 3-7": these octets of it; "empty": none
///     <   parts: PATH 0-1 5-6    it is multipart/byteranges with these parts
///     = open              or "= closed": the connection afterwards
///
/// In requests and fields: \r \n \t \0 \\ \xHH, {a*70000} for repetition, {etag:PATH} and {modified}.
std::vector<CorpusRow> readCorpus(const DocumentTree& tree);

/// Throws std::runtime_error with a sentence when `response` is not as expected, or tells what must not be told.
void checkResponse(const Response& response, const Expectation& expected, const DocumentTree& tree);

} // namespace lab::test
