#include "web/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "base/ascii_case.h"
#include "base/text.h"

namespace promster {
namespace {

// Shorter ones fit in one packet as they are.
constexpr std::size_t kWorthIt = 1024;
constexpr int kWindowBits = 15 + 16;  // zlib.h: 16 asks for gzip's header and trailer
constexpr int kMemoryLevel = 8;

bool is_text(std::string_view content_type) {
  constexpr std::array<std::string_view, 6> kText{"text/",
                                                  "application/json",
                                                  "application/javascript",
                                                  "application/yaml",
                                                  "application/openmetrics-text",
                                                  "image/svg+xml"};
  return std::ranges::any_of(kText, [&](auto start) { return content_type.starts_with(start); });
}

// Whether an item such as "gzip;q=0.5" allows what it names: everything but a weight of zero.
bool allows(std::string_view item) {
  for (const std::string_view parameter : split(item, ';')) {
    const std::string text = lower_ascii(trim(parameter));
    if (text.starts_with("q=")) return std::strtod(text.c_str() + 2, nullptr) > 0;
  }
  return true;
}

}  // namespace

std::string gzip(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWindowBits, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    std::abort();  // out of memory
  }
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();  // the bound is one
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

bool accepts_gzip(const std::string* accept_encoding) {
  if (accept_encoding == nullptr) return false;
  std::optional<bool> any, named;
  for (const std::string_view item : split(*accept_encoding, ',')) {
    const std::string coding = lower_ascii(trim(item.substr(0, item.find(';'))));
    if (coding == "gzip" || coding == "x-gzip") named = allows(item);
    if (coding == "*") any = allows(item);
  }
  return named ? *named : any.value_or(false);
}

void compress(WebResponse& response, bool client_takes_gzip) {
  if (response.body.size() <= kWorthIt || !is_text(response.content_type)) return;
  // A strong ETag belongs to these very bytes.
  if (has_header(response, "Content-Encoding") || has_header(response, "ETag")) return;
  if (!has_header(response, "Vary")) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!client_takes_gzip) return;
  response.body = gzip(response.body);
  response.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace promster
