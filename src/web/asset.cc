#include "web/asset.h"

#include <utility>

#include "base/text.h"
#include "web/gzip.h"

namespace promster {
namespace {

// If-None-Match compares weakly: W/"x" is "x".
bool is_among(const std::string& etag, const std::string* if_none_match) {
  if (if_none_match == nullptr) return false;
  for (std::string_view item : split(*if_none_match, ',')) {
    item = trim(item);
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == "*" || item == etag) return true;
  }
  return false;
}

WebResponse answer(const Asset& asset, const WebRequest& request) {
  const bool packed = !asset.gzip_bytes.empty() && accepts_gzip(request.header("Accept-Encoding"));
  const std::string etag = "\"" + asset.etag + (packed ? "-gzip\"" : "\"");
  WebResponse response;
  response.headers = {
      {"ETag", etag},
      {"Vary", "Accept-Encoding"},
      {"Cache-Control", asset.hashed_name ? "public, max-age=31536000, immutable" : "no-cache"}};
  if (is_among(etag, request.header("If-None-Match"))) {
    response.status = 304;
    response.content_type.clear();  // of what the client has, nothing changes
    return response;
  }
  response.content_type = asset.content_type;
  response.body = packed ? asset.gzip_bytes : asset.bytes;
  if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
  return response;
}

}  // namespace

void add_asset(Router& router, std::string_view path, Asset asset) {
  router.add(path, "asset", {"GET"}, [asset = std::move(asset)](const WebRequest& request) {
    return answer(asset, request);
  });
}

}  // namespace promster
