#include "core/mask_secrets.h"

#include <re2/re2.h>

#include <optional>

#include "base/text.h"

namespace promster {
namespace {

// A key whose value is a secret, up to its value.
constexpr const char* kSecretKey =
    R"(^((?:.*[\s{,\[-])?["']?)"
    R"((?:password|credentials|bearer_token|client_secret|secret_key|secret|token|auth_token|)"
    R"(api_key|service_key|routing_key|application_credential_secret|access_token|key|)"
    R"(headers|proxy_connect_header)["']?\s*:)(.*)$)";

constexpr const char* kUserInUrl = R"(([A-Za-z][A-Za-z0-9+.-]*://[^/\s:@"']*):[^@/\s"']+@)";

std::size_t indent_of(std::string_view line) {
  const std::size_t at = line.find_first_not_of(" -");
  return at == line.npos ? line.size() : at;
}

// The secret of a line, and where its key begins.
struct Secret {
  std::string before;      // the line up to the value
  std::size_t indent = 0;  // of the mapping that the key is in
  bool on_next_line = false;
};

std::optional<Secret> secret_in(std::string_view line) {
  static const RE2 pattern(kSecretKey);
  Secret secret;
  std::string value;
  if (!RE2::FullMatch({line.data(), line.size()}, pattern, &secret.before, &value)) {
    return std::nullopt;
  }
  secret.indent = indent_of(line);
  secret.on_next_line = trim(value).empty();
  return secret;
}

}  // namespace

std::string mask_secrets(std::string_view yaml) {
  static const RE2 user_in_url(kUserInUrl);
  std::string shown;
  std::optional<Secret> open;  // lines that may belong to its value are left out
  const bool ends = yaml.ends_with('\n');
  if (ends) yaml.remove_suffix(1);
  for (const std::string_view line : split(yaml, '\n')) {
    if (open && trim(line).empty()) continue;
    if (open && (open->on_next_line || indent_of(line) > open->indent)) {
      open->on_next_line = false;
      continue;
    }
    open = secret_in(line);
    std::string text = open ? open->before + " <secret>" : std::string(line);
    RE2::GlobalReplace(&text, user_in_url, R"(\1:<secret>@)");
    shown += text + "\n";
  }
  if (!ends && !shown.empty()) shown.pop_back();
  return shown;
}

}  // namespace promster
