#pragma once

#include <string>
#include <string_view>

#include "web/router.h"

namespace promster {

// A file that never changes while the program runs: a script, a style, an icon.
struct Asset {
  std::string content_type;     // "text/css; charset=utf-8"
  std::string_view bytes;       // live as long as the router
  std::string_view gzip_bytes;  // the same, compressed; empty: not offered
  std::string etag;             // a hash of `bytes`, without quotes
  bool hashed_name = false;     // whether the path changes with the bytes: then caches keep it
};

// Answers GET and HEAD of `path` with the asset: compressed where the client takes it, 304 where
// the client has it (RFC 9110, 13.1.2). Each form has a strong ETag of its own. Counted as "asset".
void add_asset(Router& router, std::string_view path, Asset asset);

}  // namespace promster
