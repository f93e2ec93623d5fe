#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/duration.h"
#include "base/result.h"

namespace promster {

struct HttpRequest {
  std::string method = "GET";  // GET, POST, PUT, DELETE, ...
  std::string url;             // http:// or https://; user:password@ is sent as basic auth
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;             // sent where it is not empty, and always by POST and PUT
  Duration deadline{10'000};    // for everything, from the look-up of the name to the last byte
  std::size_t most = 16 << 20;  // bytes of the response's body; a longer one is an error
  std::string ca_file{};        // PEM; whom to trust of https:// instead of those of the system
  std::stop_token stop{};       // ends it early, within a second, as an error
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  // The value of a header (named in lower case), or empty.
  std::string header(const std::string& name) const;
};

// Asks HTTP servers, one request at a time, and keeps the connection for the next one. Redirects
// are answers like others, and no proxy of the environment is used: what is asked is what was
// named.
//
// Thread rule: one thread.
class HttpClient {
 public:
  HttpClient();
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  // Every status is a success here; an error says that no whole answer came, in words that do not
  // differ from try to try: "GET http://127.0.0.1:9090/-/ready: Couldn't connect to server
  // (Connection refused)". A password in the URL is left out of them.
  Result<HttpResponse> send(const HttpRequest& request);

  Result<HttpResponse> get(const std::string& url, Duration deadline = Duration(10'000)) {
    return send({.url = url, .headers = {}, .body = {}, .deadline = deadline});
  }

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

// The URL without the password (and the name) in it, for messages.
std::string without_password(const std::string& url);

}  // namespace promster
