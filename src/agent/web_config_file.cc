#include "agent/web_config_file.h"

#include <sys/stat.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "web/password_check.h"

namespace promster {
namespace {

using Done = Result<void>;
using Readers = std::map<std::string, std::function<Done(const YAML::Node&)>>;

// Reads a map whose every key has a reader.
Done read_map(const YAML::Node& node, const Readers& readers) {
  if (node.IsNull()) return {};
  if (!node.IsMap()) return Error{"is no map; try: the format of exporter-toolkit"};
  std::vector<std::string> known;
  for (const auto& [key, reader] : readers) known.push_back(key);
  for (const auto& entry : node) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
    const auto reader = readers.find(key);
    if (reader == readers.end()) {
      const auto meant = did_you_mean(key, known);
      return Error{printable(key) + ": is not known; try: " + meant.value_or("leave it out")};
    }
    if (auto done = reader->second(entry.second); !done) return done.error().within(key);
  }
  return {};
}

Result<std::string> read_text(const YAML::Node& node) {
  if (!node.IsScalar()) return Error{"is no text"};
  return node.Scalar();
}

Done read_flag(const YAML::Node& node, bool& place) {
  if (node.IsScalar() && YAML::convert<bool>::decode(node, place)) return {};
  return Error{"is neither true nor false"};
}

// One of the names that Go's settings have.
template <class T>
Done read_choice(const YAML::Node& node, const std::map<std::string, T>& choices, T& place) {
  const auto text = read_text(node);
  if (!text) return text.error();
  const auto found = choices.find(*text);
  if (found != choices.end()) {
    place = found->second;
    return {};
  }
  std::string all;
  for (const auto& [name, ignored] : choices) all += (all.empty() ? "" : ", ") + name;
  return Error{"\"" + printable(*text) + "\" is not supported; try: " + all};
}

Done read_list(const YAML::Node& node, std::vector<std::string>& place) {
  if (!node.IsSequence()) return Error{"is no list"};
  for (const YAML::Node& item : node) {
    auto text = read_text(item);
    if (!text) return text.error();
    place.push_back(std::move(*text));
  }
  return {};
}

Done read_path(const YAML::Node& node, const std::string& directory, std::string& place) {
  const auto text = read_text(node);
  if (!text) return text.error();
  if (!text->empty()) place = (std::filesystem::path(directory) / *text).string();
  return {};
}

Done read_curves(const YAML::Node& node, std::vector<std::string>& place) {
  static const std::map<std::string, std::string> kCurves{
      {"CurveP256", "P-256"}, {"CurveP384", "P-384"}, {"CurveP521", "P-521"}, {"X25519", "X25519"}};
  if (!node.IsSequence()) return Error{"is no list"};
  for (const YAML::Node& item : node) {
    if (auto done = read_choice(item, kCurves, place.emplace_back()); !done) return done;
  }
  return {};
}

Done check_tls(const TlsServerConfig& tls) {
  if (tls.cert_file.empty() != tls.key_file.empty()) {
    return Error{"cert_file and key_file: one needs the other"};
  }
  if (!tls.enabled()) return Error{"has no cert_file; without a certificate there is no TLS"};
  if (tls.min_version > tls.max_version) return Error{"min_version is above max_version"};
  const bool verifies = tls.client_auth == ClientAuth::kVerifyClientCertIfGiven ||
                        tls.client_auth == ClientAuth::kRequireAndVerifyClientCert;
  if (verifies && tls.client_ca_file.empty()) {
    return Error{"client_auth_type verifies certificates and needs a client_ca_file"};
  }
  if (!tls.client_ca_file.empty() && tls.client_auth == ClientAuth::kNoClientCert) {
    return Error{"client_ca_file has no effect; try: client_auth_type: RequireAndVerifyClientCert"};
  }
  return {};
}

Done read_tls(const YAML::Node& node, const std::string& directory, TlsServerConfig& tls) {
  static const std::map<std::string, ClientAuth> kAuth{
      {"NoClientCert", ClientAuth::kNoClientCert},
      {"RequestClientCert", ClientAuth::kRequestClientCert},
      {"RequireAnyClientCert", ClientAuth::kRequireAnyClientCert},
      {"VerifyClientCertIfGiven", ClientAuth::kVerifyClientCertIfGiven},
      {"RequireAndVerifyClientCert", ClientAuth::kRequireAndVerifyClientCert}};
  static const std::map<std::string, TlsVersion> kVersions{{"TLS12", TlsVersion::kTls12},
                                                           {"TLS13", TlsVersion::kTls13}};
  using Node = const YAML::Node&;
  const Readers readers{
      {"cert_file", [&](Node n) { return read_path(n, directory, tls.cert_file); }},
      {"key_file", [&](Node n) { return read_path(n, directory, tls.key_file); }},
      {"client_ca_file", [&](Node n) { return read_path(n, directory, tls.client_ca_file); }},
      {"client_auth_type", [&](Node n) { return read_choice(n, kAuth, tls.client_auth); }},
      {"min_version", [&](Node n) { return read_choice(n, kVersions, tls.min_version); }},
      {"max_version", [&](Node n) { return read_choice(n, kVersions, tls.max_version); }},
      {"cipher_suites", [&](Node n) { return read_list(n, tls.cipher_suites); }},
      {"curve_preferences", [&](Node n) { return read_curves(n, tls.curves); }},
      {"prefer_server_cipher_suites",
       [&](Node n) { return read_flag(n, tls.prefer_server_cipher_suites); }}};
  if (auto done = read_map(node, readers); !done) return done;
  return check_tls(tls);
}

// The names that exporter-toolkit allows.
Done read_headers(const YAML::Node& node, WebHeaders& headers) {
  Readers readers;
  for (const std::string name : {"Content-Security-Policy", "X-Frame-Options", "X-XSS-Protection",
                                 "X-Content-Type-Options", "Strict-Transport-Security"}) {
    readers[name] = [name, &headers](const YAML::Node& value) -> Done {
      const auto text = read_text(value);
      if (!text) return text.error();
      if (!is_utf8(*text) || has_control(*text)) return Error{"is no line of text"};
      headers.emplace_back(name, *text);
      return {};
    };
  }
  return read_map(node, readers);
}

Done read_http(const YAML::Node& node, WebConfig& config) {
  return read_map(
      node, {{"http2",
              [](const YAML::Node& n) -> Done {
                bool wanted = false;
                if (auto done = read_flag(n, wanted); !done) return done;
                if (wanted) return Error{"true is not supported: HTTP/1.1 is; try: http2: false"};
                return {};
              }},
             {"headers", [&](const YAML::Node& n) { return read_headers(n, config.headers); }}});
}

Done read_users(const YAML::Node& node, std::map<std::string, std::string>& users) {
  if (!node.IsMap()) return Error{"is no map of names to bcrypt hashes"};
  for (const auto& entry : node) {
    const auto name = read_text(entry.first);
    if (!name || name->empty() || name->find(':') != std::string::npos) {
      return Error{"a name is empty or has a colon"};
    }
    const auto hash = read_text(entry.second);
    if (!hash || !is_bcrypt_hash(*hash)) {
      return Error{printable(*name) + ": is no bcrypt hash of a cost from 4 to 14; " +
                   "try: promster hash-password"};
    }
    if (!users.emplace(*name, *hash).second) return Error{printable(*name) + ": is there twice"};
  }
  return {};
}

void warn_if_readable(const std::string& path, std::vector<std::string>& warnings) {
  struct stat about {};
  if (path.empty() || ::stat(path.c_str(), &about) != 0 || (about.st_mode & S_IROTH) == 0) return;
  warnings.push_back(path + " can be read by every user of this machine; it holds secrets; " +
                     "try: chmod 640");
}

}  // namespace

Result<WebConfig> parse_web_config(std::string_view yaml, const std::string& directory) {
  WebConfig config;
  using Node = const YAML::Node&;
  const Readers readers{
      {"tls_server_config", [&](Node n) { return read_tls(n, directory, config.tls); }},
      {"http_server_config", [&](Node n) { return read_http(n, config); }},
      {"basic_auth_users", [&](Node n) { return read_users(n, config.users); }}};
  try {
    if (auto done = read_map(YAML::Load(std::string(yaml)), readers); !done) return done.error();
  } catch (const YAML::Exception& failure) {
    return Error{"is no YAML: " + printable(failure.what())};
  }
  return config;
}

Result<LoadedWebConfig> load_web_config(const std::string& path) {
  LoadedWebConfig loaded;
  if (path.empty()) return loaded;
  const auto text = read_file(path, 1 << 20);
  if (!text) return text.error().within("web config");
  auto config = parse_web_config(*text, std::filesystem::path(path).parent_path().string());
  if (!config) return config.error().within("web config: " + path);
  loaded.config = std::move(*config);
  if (!loaded.config.users.empty()) warn_if_readable(path, loaded.warnings);
  warn_if_readable(loaded.config.tls.key_file, loaded.warnings);
  return loaded;
}

}  // namespace promster
