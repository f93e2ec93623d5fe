#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "web/http_counts.h"
#include "web/web_message.h"

namespace promster {

struct RouterOptions {
  std::string prefix =
      "/";  // every path lies below it: "/promster" makes "/metrics" "/promster/metrics"
  std::string
      external_url;  // under which browsers see us, where a proxy stands between; may be empty
};

// Who answers which path. An unknown path gets 404, another method 405 with Allow; HEAD is answered
// where GET is. A request that changes something and comes from the page of a foreign origin (RFC
// 6454) gets 403. The prefix without its last slash is sent on to the page. Answers are counted by
// the name of the handler, so that labels stay few.
//
// Thread rule: one thread; in a server, the server's.
class Router {
 public:
  explicit Router(RouterOptions options = {});
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

  WebResponse answer(const Route& route, const WebRequest& request) const;
  bool is_foreign(const WebRequest& request) const;

  std::string prefix_;
  std::string external_origin_;
  std::map<std::string, Route, std::less<>> routes_;
  HttpCounts counts_;
};

}  // namespace promster
