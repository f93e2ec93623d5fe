#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "web/web_message.h"

namespace promster {

// Go's names for what is asked of clients (crypto/tls, ClientAuthType).
enum class ClientAuth {
  kNoClientCert,
  kRequestClientCert,
  kRequireAnyClientCert,
  kVerifyClientCertIfGiven,
  kRequireAndVerifyClientCert
};

enum class TlsVersion { kTls12, kTls13 };

// The certificate of the server, and whom it lets in. Paths are ready to be opened.
struct TlsServerConfig {
  std::string cert_file, key_file;
  ClientAuth client_auth = ClientAuth::kNoClientCert;
  std::string client_ca_file;
  TlsVersion min_version = TlsVersion::kTls12;
  TlsVersion max_version = TlsVersion::kTls13;
  std::vector<std::string> cipher_suites;  // of TLS 1.2, by IANA's names; empty: OpenSSL's own
  std::vector<std::string> curves;         // by OpenSSL's names; empty: OpenSSL's own
  bool prefer_server_cipher_suites = true;

  bool enabled() const { return !cert_file.empty(); }
};

// What --web.config.file says, in exporter-toolkit's words (prometheus.io/docs, "HTTPS and
// authentication"). Plain data; agent/web_config_file.h reads it.
struct WebConfig {
  TlsServerConfig tls;
  WebHeaders headers;                        // of every answer, in place of ours of the same name
  std::map<std::string, std::string> users;  // name to bcrypt hash; empty: everybody may ask

  // Whether a browser can be led here under a foreign name without being stopped (docs/decisions/
  // 0006-host-check.md): it has neither a certificate for that name nor a password.
  bool open() const { return !tls.enabled() && users.empty(); }
};

}  // namespace promster
