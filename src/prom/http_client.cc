#include "prom/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <system_error>

#include "base/ascii_case.h"
#include "base/text.h"
#include "prom/curl_options.h"

namespace promster {
namespace {

constexpr std::size_t kMostHeaders = 64 << 10;

// What the callbacks of one transfer fill in.
struct Incoming {
  HttpResponse response;
  std::size_t header_bytes = 0;
  std::size_t most = 0;
  bool too_large = false;
  bool head_complete = false;  // libcurl also takes one that was cut
};

// Called by C code, which no exception may cross: noexcept ends the process where memory does.
std::size_t take_body(char* data, std::size_t, std::size_t size, void* into) noexcept {
  auto& incoming = *static_cast<Incoming*>(into);
  incoming.too_large = size > incoming.most - incoming.response.body.size();
  if (incoming.too_large) return 0;
  incoming.response.body.append(data, size);
  return size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* into) noexcept {
  auto& incoming = *static_cast<Incoming*>(into);
  const std::string_view line(data, size);
  incoming.header_bytes += size;
  if (incoming.header_bytes > kMostHeaders) return 0;
  if (line.starts_with("HTTP/")) incoming.response.headers.clear();  // after "100 Continue"
  incoming.head_complete = trim(line).empty();
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  incoming.response.headers.emplace_back(lower_ascii(line.substr(0, colon)),
                                         trim(line.substr(colon + 1)));
  return size;
}

struct HeaderList {
  curl_slist* list = nullptr;
  explicit HeaderList(const HttpRequest& request) {
    for (const auto& [name, value] : request.headers) add(name + ": " + value);
    add("Expect:");  // no "100 Continue", which would cost a round trip
  }
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { curl_slist_free_all(list); }
  void add(const std::string& line) { list = curl_slist_append(list, line.c_str()); }
};

// Called at least once a second; anything but 0 ends the transfer.
int ask_for_stop(void* request, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
  return static_cast<const HttpRequest*>(request)->stop.stop_requested() ? 1 : 0;
}

void set_stop(CURL* curl, const HttpRequest& request) {
  if (!request.stop.stop_possible()) return;
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &request);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &ask_for_stop);
}

void set_request(CURL* curl, const HttpRequest& request) {
  const long deadline = std::max<long>(1, static_cast<long>(request.deadline.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, deadline);
  set_common_options(curl, request.url, "http,https", deadline);
  if (!request.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, request.ca_file.c_str());
  set_stop(curl, request);
  const bool has_body =
      !request.body.empty() || request.method == "POST" || request.method == "PUT";
  if (has_body) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
  }
  if (request.method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void set_response(CURL* curl, Incoming& incoming) {
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &incoming);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &incoming);
}

// libcurl's own words hold milliseconds, which differ from try to try; these do not.
std::string failure(CURL* curl, CURLcode code, const Incoming& incoming) {
  if (incoming.header_bytes > kMostHeaders) {
    return "the headers are larger than " + std::to_string(kMostHeaders) + " bytes";
  }
  if (incoming.too_large) {
    return "the answer is larger than " + std::to_string(incoming.most) + " bytes";
  }
  std::string text = curl_easy_strerror(code);
  long number = 0;
  curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &number);
  if (code == CURLE_COULDNT_CONNECT && number != 0) {
    text += " (" + std::generic_category().message(static_cast<int>(number)) + ")";
  }
  return text;
}

}  // namespace

std::string without_password(const std::string& url) {
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string::npos) return url;
  const auto host = scheme_end + 3;
  const auto host_end = std::min(url.find_first_of("/?#", host), url.size());
  const auto at = url.rfind('@', host_end);
  if (at == std::string::npos || at < host) return url;
  return url.substr(0, host) + url.substr(at + 1);
}

struct HttpClient::Connection {
  CURL* curl = curl_easy_init();
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { curl_easy_cleanup(curl); }
};

HttpClient::HttpClient() : connection_(std::make_unique<Connection>()) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

std::string HttpResponse::header(const std::string& name) const {
  const auto found = std::ranges::find(headers, name, [](const auto& pair) { return pair.first; });
  return found == headers.end() ? std::string() : found->second;
}

Result<HttpResponse> HttpClient::send(const HttpRequest& request) {
  const std::string what = request.method + " " + without_password(request.url);
  CURL* curl = connection_->curl;
  if (curl == nullptr) return Error{what + ": libcurl does not start"};
  curl_easy_reset(curl);  // forgets the options of the last request, keeps its connection
  const HeaderList headers(request);
  Incoming incoming{.response = {}, .most = request.most};
  set_request(curl, request);
  set_response(curl, incoming);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.list);
  const CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK) return Error{what + ": " + failure(curl, code, incoming)};
  if (!incoming.head_complete) return Error{what + ": the answer ends early"};
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  incoming.response.status = static_cast<int>(status);
  return std::move(incoming.response);
}

}  // namespace promster
