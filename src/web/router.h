#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "web/host_check.h"
#include "web/http_counts.h"
#include "web/web_message.h"

namespace promster {

struct RouterOptions {
  // Every path lies below it: "/promster" makes "/metrics" "/promster/metrics".
  std::string prefix = "/";
  // Under which browsers see us, where a proxy stands between; may be empty.
  std::string external_url;
  // Names that this node goes by, with or without a port, beside that of the external URL.
  std::vector<std::string> hosts{};
  // Let every Host in: for servers that browsers cannot be led to under a foreign name, since they
  // ask for a password or show a certificate.
  bool any_host = false;
};

// Who answers which path. An unknown path gets 404 (web/not_found.h), another method 405 with
// Allow; HEAD is answered where GET is. A request that changes something and comes from the page of
// a foreign origin (RFC 6454) gets 403. A Host that cannot be ours (web/host_check.h) gets 421, but
// for /metrics,
// /-/healthy and /-/ready. Text is compressed where the client takes it. The prefix without its
// last slash is sent on to the page. Answers are counted by the name of the handler, so that labels
// stay few.
//
// Thread rule: one thread; in a server, the server's.
class Router {
 public:
  explicit Router(const RouterOptions& options = {});
  Router(const Router&) = delete;  // handlers may refer to it
  Router& operator=(const Router&) = delete;

  // `path` starts with "/" and matches whole; `name` is for the counts.
  void add(std::string_view path, std::string name, std::vector<std::string> methods,
           WebHandler handler);

  WebResponse handle(const WebRequest& request);

  // For answers given elsewhere: HttpServerOptions::refused.
  void count(const std::string& name, int status) { counts_.add(name, status); }
  const HttpCounts& counts() const { return counts_; }

  // The prefix with which links in pages start: "" or "/promster".
  const std::string& prefix() const { return prefix_; }

 private:
  struct Route {
    std::string name;
    std::vector<std::string> methods;
    WebHandler handler;
  };

  WebResponse answer(const Route* route, const WebRequest& request) const;
  bool is_ours(const WebRequest& request) const;
  bool is_foreign(const WebRequest& request) const;

  std::string prefix_;
  std::string external_origin_;
  HostCheck hosts_;
  bool any_host_;
  std::map<std::string, Route, std::less<>> routes_;
  HttpCounts counts_;
};

}  // namespace promster
