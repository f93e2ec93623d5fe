#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/result.h"
#include "web/web_config.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace promster {

// What TLS connections are made with. The files are read again once they change, so that a renewed
// certificate needs no restart; where the new ones are not good (half of a pair was replaced), the
// old ones go on. Thread rule: one thread.
class TlsContext {
 public:
  // Errors read "tls_server_config: cert_file /a/b.crt: No such file or directory; try: ...".
  static Result<std::unique_ptr<TlsContext>> make(TlsServerConfig config);

  // For the next connection; looks at the files.
  ssl_ctx_st* current();

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  using Owned = std::unique_ptr<ssl_ctx_st, Free>;

  explicit TlsContext(TlsServerConfig config) : config_(std::move(config)) {}
  static Result<Owned> build(const TlsServerConfig& config);

  TlsServerConfig config_;
  std::string stamps_;  // of the files that context_ was made from
  Owned context_;
};

}  // namespace promster
