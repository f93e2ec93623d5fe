#include "core/mask_secrets.h"

#include <algorithm>
#include <array>

#include "base/ascii_case.h"
#include "core/mask_url.h"
#include "core/render.h"
#include "core/yaml_tree.h"

namespace promster {
namespace {

using Kind = YamlTree::Kind;

constexpr std::string_view kNotShown =
    "# Not shown: this is no YAML that promster can read, so it cannot tell what in it is "
    "secret.\n";

// Parts of a name that speak of a secret, and whole names.
constexpr std::array<std::string_view, 9> kParts{"secret",      "password",  "passwd",
                                                 "passphrase",  "token",     "apikey",
                                                 "credentials", "signature", "cookie"};
constexpr std::array<std::string_view, 6> kNames{"key", "keys", "pass", "pwd", "auth", "sig"};
constexpr std::array<std::string_view, 4> kEnds{"_key", "_keys", "headers", "header"};
// What names where a secret is.
constexpr std::array<std::string_view, 4> kPlaces{"_file", "_files", "_path", "_url"};

bool is_secret(std::string_view key) {
  std::string name = lower_ascii(key);
  std::ranges::replace(name, '-', '_');
  const auto in_name = [&](std::string_view part) { return name.find(part) != name.npos; };
  const auto ends_name = [&](std::string_view end) { return name.ends_with(end); };
  if (std::ranges::any_of(kPlaces, ends_name)) return false;
  return std::ranges::any_of(kParts, in_name) || std::ranges::any_of(kEnds, ends_name) ||
         std::ranges::find(kNames, name) != kNames.end();
}

// `authorization` is a map of Prometheus's, with a secret in it; as a text it is one.
bool is_secret(const YamlTree::Entry& entry) {
  const auto& [key, value] = entry;
  if (value.kind == Kind::kNull) return false;
  return is_secret(key.text) ||
         (lower_ascii(key.text) == "authorization" && value.kind != Kind::kMap);
}

void mask(YamlTree& tree) {
  if (tree.kind == Kind::kScalar) tree.text = mask_urls(tree.text);
  for (YamlTree& item : tree.list) mask(item);
  for (YamlTree::Entry& entry : tree.map) {
    if (is_secret(entry)) {
      entry.second = {.kind = Kind::kScalar, .text = "<secret>"};
    } else {
      mask(entry.second);
    }
  }
}

}  // namespace

std::string mask_secrets(std::string_view yaml) {
  if (yaml.empty()) return {};
  auto tree = read_yaml(yaml);
  if (!tree || tree->kind != Kind::kMap) return std::string(kNotShown);
  mask(*tree);
  return std::string(yaml.starts_with(kWrittenByUs) ? kWrittenByUs : "") + write_yaml(*tree);
}

}  // namespace promster
