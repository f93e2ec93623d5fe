#include "web/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <cstring>
#include <utility>

namespace promster {
namespace {

// Clients resume only sessions of this server.
constexpr unsigned char kSessionContext[] = "promster";

// The first error is the one that led to the others.
Error tls_error(const std::string& what, const std::string& mend) {
  const unsigned long first = ERR_peek_error();
  const char* reason = ERR_reason_error_string(first);
  std::string why = reason == nullptr ? "OpenSSL does not say why" : reason;
  if (ERR_SYSTEM_ERROR(first)) why = std::strerror(ERR_GET_REASON(first));
  ERR_clear_error();
  return Error{what + ": " + why + "; try: " + mend};
}

// Changes whenever one of the files is replaced or written.
std::string stamps_of(const TlsServerConfig& config) {
  std::string stamps;
  for (const std::string& file : {config.cert_file, config.key_file, config.client_ca_file}) {
    struct stat about {};
    if (file.empty() || ::stat(file.c_str(), &about) != 0) about = {};
    for (const auto part :
         {static_cast<long long>(about.st_ino), static_cast<long long>(about.st_size),
          static_cast<long long>(about.st_mtim.tv_sec),
          static_cast<long long>(about.st_mtim.tv_nsec)}) {
      stamps += std::to_string(part) + " ";
    }
  }
  return stamps;
}

Result<void> load_certificate(SSL_CTX* context, const TlsServerConfig& config) {
  if (SSL_CTX_use_certificate_chain_file(context, config.cert_file.c_str()) != 1) {
    return tls_error("cert_file " + config.cert_file, "a readable certificate in PEM");
  }
  if (SSL_CTX_use_PrivateKey_file(context, config.key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return tls_error("key_file " + config.key_file, "the readable key of cert_file in PEM");
  }
  return {};
}

int verify_mode(ClientAuth auth) {
  switch (auth) {
    case ClientAuth::kNoClientCert:
      return SSL_VERIFY_NONE;
    case ClientAuth::kRequestClientCert:
    case ClientAuth::kVerifyClientCertIfGiven:
      return SSL_VERIFY_PEER;
    case ClientAuth::kRequireAnyClientCert:
    case ClientAuth::kRequireAndVerifyClientCert:
      break;
  }
  return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
}

int accept_any(int, X509_STORE_CTX*) {
  return 1;
}

Result<void> ask_clients(SSL_CTX* context, const TlsServerConfig& config) {
  const bool verifies = config.client_auth == ClientAuth::kVerifyClientCertIfGiven ||
                        config.client_auth == ClientAuth::kRequireAndVerifyClientCert;
  SSL_CTX_set_verify(context, verify_mode(config.client_auth), verifies ? nullptr : accept_any);
  if (config.client_ca_file.empty()) return {};
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(config.client_ca_file.c_str());
  if (names == nullptr ||
      SSL_CTX_load_verify_locations(context, config.client_ca_file.c_str(), nullptr) != 1) {
    return tls_error("client_ca_file " + config.client_ca_file, "readable certificates in PEM");
  }
  SSL_CTX_set_client_CA_list(context, names);  // which owns them now
  return {};
}

// OpenSSL has names of its own for the suites of TLS 1.2; those of 1.3 are not chosen from, as in
// Go.
Result<void> choose_ciphers(SSL_CTX* context, const std::vector<std::string>& suites) {
  if (suites.empty()) return {};
  std::string list;
  for (const std::string& suite : suites) {
    const SSL_CIPHER* found = nullptr;
    const STACK_OF(SSL_CIPHER)* all = SSL_CTX_get_ciphers(context);
    for (int i = 0; i < sk_SSL_CIPHER_num(all) && found == nullptr; ++i) {
      const SSL_CIPHER* cipher = sk_SSL_CIPHER_value(all, i);
      if (suite == SSL_CIPHER_standard_name(cipher)) found = cipher;
    }
    if (found == nullptr) {
      return Error{"cipher_suites: \"" + suite +
                   "\" is not known or not safe; try: " + "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"};
    }
    list += std::string(list.empty() ? "" : ":") + SSL_CIPHER_get_name(found);
  }
  SSL_CTX_set_cipher_list(context, list.c_str());
  return {};
}

Result<void> choose_curves(SSL_CTX* context, const std::vector<std::string>& curves) {
  std::string list;
  for (const std::string& curve : curves) list += (list.empty() ? "" : ":") + curve;
  if (list.empty() || SSL_CTX_set1_groups_list(context, list.c_str()) == 1) return {};
  return tls_error("curve_preferences", "X25519, CurveP256, CurveP384, CurveP521");
}

int number_of(TlsVersion version) {
  return version == TlsVersion::kTls12 ? TLS1_2_VERSION : TLS1_3_VERSION;
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

Result<TlsContext::Owned> TlsContext::build(const TlsServerConfig& config) {
  ERR_clear_error();  // of what another connection left
  Owned context(SSL_CTX_new(TLS_server_method()));
  if (!context) return tls_error("TLS", "OpenSSL 3");
  SSL_CTX_set_min_proto_version(context.get(), number_of(config.min_version));
  SSL_CTX_set_max_proto_version(context.get(), number_of(config.max_version));
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  if (config.prefer_server_cipher_suites) {
    SSL_CTX_set_options(context.get(), SSL_OP_CIPHER_SERVER_PREFERENCE);
  }
  SSL_CTX_set_session_id_context(context.get(), kSessionContext, sizeof kSessionContext - 1);
  if (auto done = choose_ciphers(context.get(), config.cipher_suites); !done) return done.error();
  if (auto done = choose_curves(context.get(), config.curves); !done) return done.error();
  if (auto done = load_certificate(context.get(), config); !done) return done.error();
  if (auto done = ask_clients(context.get(), config); !done) return done.error();
  return context;
}

Result<std::unique_ptr<TlsContext>> TlsContext::make(TlsServerConfig config) {
  std::unique_ptr<TlsContext> made(new TlsContext(std::move(config)));
  made->stamps_ = stamps_of(made->config_);
  auto built = build(made->config_);
  if (!built) return built.error().within("tls_server_config");
  made->context_ = std::move(*built);
  return made;
}

ssl_ctx_st* TlsContext::current() {
  std::string stamps = stamps_of(config_);
  if (stamps == stamps_) return context_.get();
  if (auto built = build(config_)) {
    context_ = std::move(*built);
    stamps_ = std::move(stamps);
  }
  return context_.get();
}

}  // namespace promster
