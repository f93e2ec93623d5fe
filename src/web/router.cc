#include "web/router.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/ascii_case.h"
#include "base/text.h"
#include "web/gzip.h"
#include "web/not_found.h"

namespace promster {
namespace {

// "https://a.example:8443/promster/" -> "https://a.example:8443"
std::string origin_of(std::string_view url) {
  const std::size_t host = url.find("://");
  return host == url.npos ? "" : lower_ascii(url.substr(0, url.find('/', host + 3)));
}

// What its answers may be addressed to under any name: scrapers and probes use all kinds.
bool is_for_machines(std::string_view path) {
  return path == "/metrics" || path == "/-/healthy" || path == "/-/ready";
}

std::vector<std::string> names_of(const RouterOptions& options) {
  std::vector<std::string> names = options.hosts;
  const std::string origin = origin_of(options.external_url);
  if (!origin.empty()) names.push_back(origin.substr(origin.find("://") + 3));
  return names;
}

WebResponse misdirected(const std::string& host) {
  WebResponse response = plain_answer(421);
  const std::string name = printable(host, 260);
  response.body += "This node does not go by the name \"" + name +
                   "\", which anybody's page could make point here.\n"
                   "try: --web.external-url=http://" +
                   name + ", or the node's address.\n";
  return response;
}

std::string without_slash_at_end(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

bool allows(const std::vector<std::string>& methods, const std::string& method) {
  return std::ranges::find(methods, method) != methods.end() ||
         (method == "HEAD" && allows(methods, "GET"));
}

std::string allow_header(const std::vector<std::string>& methods) {
  std::string text;
  for (const std::string& method : methods) {
    text += (text.empty() ? "" : ", ") + method;
    if (method == "GET") text += ", HEAD";
  }
  return text;
}

// The same work, whose answer is compressed where it is found out: not on the server's thread.
std::function<WebResponse()> compressed(std::function<WebResponse()> work, bool packed) {
  return [work = std::move(work), packed] {
    WebResponse response = work();
    compress(response, packed);
    return response;
  };
}

}  // namespace

Router::Router(const RouterOptions& options)
    : prefix_(without_slash_at_end(options.prefix)),
      external_origin_(origin_of(options.external_url)),
      hosts_(names_of(options)),
      any_host_(options.any_host) {
  if (!prefix_.empty() && !prefix_.starts_with('/')) prefix_.insert(0, "/");
  if (!prefix_.empty()) {
    routes_[prefix_] = {"redirect", {"GET"}, [to = prefix_ + "/"](const WebRequest&) {
                          WebResponse response = plain_answer(301);
                          response.headers.emplace_back("Location", to);
                          return response;
                        }};
  }
}

void Router::add(std::string_view path, std::string name, std::vector<std::string> methods,
                 WebHandler handler) {
  routes_.insert_or_assign(prefix_ + std::string(path),
                           Route{std::move(name), std::move(methods), std::move(handler)});
}

WebResponse Router::handle(const WebRequest& request) {
  const auto found = routes_.find(request.path);
  const bool known = found != routes_.end();
  const std::string name = known ? found->second.name : "unknown";
  WebResponse response = answer(known ? &found->second : nullptr, request);
  const bool packed = accepts_gzip(request.header("Accept-Encoding"));
  if (response.later || response.events) {
    response.done = [this, name](int status) { counts_.add(name, status); };
  } else {
    compress(response, packed);
    counts_.add(name, response.status);
  }
  if (response.later) response.later = compressed(std::move(response.later), packed);
  return response;
}

WebResponse Router::answer(const Route* route, const WebRequest& request) const {
  if (!is_ours(request)) return misdirected(*request.header("Host"));
  if (route == nullptr) return not_found_answer(request, prefix_);
  if (!allows(route->methods, request.method)) {
    WebResponse response = plain_answer(405);
    response.headers.emplace_back("Allow", allow_header(route->methods));
    return response;
  }
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads && is_foreign(request)) return plain_answer(403);
  return route->handler(request);
}

bool Router::is_ours(const WebRequest& request) const {
  if (any_host_ || hosts_.allows(request.header("Host"))) return true;
  const bool reads = request.method == "GET" || request.method == "HEAD";
  return reads && request.path.starts_with(prefix_) &&
         is_for_machines(std::string_view(request.path).substr(prefix_.size()));
}

// A browser names the page that a request comes from; curl and Prometheus send no Origin. Behind a
// proxy Host may be ours and Origin the proxy's, which is why the external URL counts too.
bool Router::is_foreign(const WebRequest& request) const {
  const std::string* site = request.header("Sec-Fetch-Site");
  if (site != nullptr && lower_ascii(*site) == "cross-site") return true;
  const std::string* origin = request.header("Origin");
  if (origin == nullptr) return false;
  const std::string from = lower_ascii(*origin);
  const std::string* host = request.header("Host");
  const std::string here = host == nullptr ? "" : lower_ascii(*host);
  const bool same = !here.empty() && (from == "http://" + here || from == "https://" + here);
  return !same && (external_origin_.empty() || from != external_origin_);
}

}  // namespace promster
