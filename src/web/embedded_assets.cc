#include "web/embedded_assets.h"

#include <openssl/sha.h>

#include <cstdio>
#include <string_view>
#include <utility>

// The bytes of a file, known as NAME_begin up to NAME_end. The paths are of the build
// (cmake/promster_page.cmake).
// clang-format off
#define EMBED(name, file)               \
  asm(".pushsection .rodata\n"          \
      ".global " #name "_begin\n"       \
      ".global " #name "_end\n"         \
      #name "_begin:\n"                 \
      ".incbin \"" file "\"\n"          \
      #name "_end:\n"                   \
      ".byte 0\n"                       \
      ".popsection\n");                 \
  extern "C" const char name##_begin[], name##_end[]
// clang-format on

EMBED(promster_style, PROMSTER_STYLE);
EMBED(promster_style_gz, PROMSTER_STYLE ".gz");
EMBED(promster_icon, PROMSTER_ICON);
EMBED(promster_icon_gz, PROMSTER_ICON ".gz");
#ifdef PROMSTER_SCRIPT
EMBED(promster_script, PROMSTER_SCRIPT);
EMBED(promster_script_gz, PROMSTER_SCRIPT ".gz");
EMBED(promster_first, PROMSTER_FIRST_SCRIPT);
EMBED(promster_first_gz, PROMSTER_FIRST_SCRIPT ".gz");
#endif

namespace promster {
namespace {

std::string_view bytes(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// The first 64 bits of the SHA-256, in hex.
std::string content_hash(std::string_view content) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest);
  std::string hex;
  for (int i = 0; i < 8; ++i) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", digest[i]);
    hex += two;
  }
  return hex;
}

EmbeddedAsset asset(const std::string& stem, const std::string& extension, std::string content_type,
                    std::string_view content, std::string_view packed) {
  const std::string hash = content_hash(content);
  return {.path = "/assets/" + stem + "-" + hash + extension,
          .asset = {.content_type = std::move(content_type),
                    .bytes = content,
                    .gzip_bytes = packed,
                    .etag = hash,
                    .hashed_name = true}};
}

}  // namespace

EmbeddedAsset embedded_style() {
  return asset("style", ".css", "text/css; charset=utf-8",
               bytes(promster_style_begin, promster_style_end),
               bytes(promster_style_gz_begin, promster_style_gz_end));
}

EmbeddedAsset embedded_icon() {
  return asset("icon", ".svg", "image/svg+xml", bytes(promster_icon_begin, promster_icon_end),
               bytes(promster_icon_gz_begin, promster_icon_gz_end));
}

std::optional<EmbeddedScripts> embedded_scripts() {
#ifdef PROMSTER_SCRIPT
  const std::string type = "text/javascript; charset=utf-8";
  return EmbeddedScripts{
      .first = asset("first", ".js", type, bytes(promster_first_begin, promster_first_end),
                     bytes(promster_first_gz_begin, promster_first_gz_end)),
      .app = asset("app", ".js", type, bytes(promster_script_begin, promster_script_end),
                   bytes(promster_script_gz_begin, promster_script_gz_end))};
#else
  return std::nullopt;
#endif
}

}  // namespace promster
