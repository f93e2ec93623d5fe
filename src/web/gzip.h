#pragma once

#include <string>
#include <string_view>

#include "web/web_message.h"

namespace promster {

// The text in gzip's format (RFC 1952), always the same bytes for the same text.
std::string gzip(std::string_view text);

// Whether an Accept-Encoding (RFC 9110, 12.5.3) allows gzip; null, where there is none, does not.
bool accepts_gzip(const std::string* accept_encoding);

// Compresses an answer of more than a kilobyte of text, where the client takes it, nobody
// encoded it before and it has no ETag; says in Vary that it depends on the client. Any thread.
void compress(WebResponse& response, bool client_takes_gzip);

}  // namespace promster
