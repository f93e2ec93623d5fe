#include "cli/node_client.h"

#include "base/file.h"
#include "base/text.h"
#include "cli/status_reader.h"
#include "core/address.h"
#include "prom/percent_encoded.h"

namespace promster {
namespace {

// "http://" where there is no scheme, and no slash at the end.
Result<std::string> page_url(std::string url) {
  // Neither is said again: it may be in somebody's log.
  if (url.find('@') != std::string::npos) {
    return Error{
        "--url; there is a name or a password in it, which others see in the list of processes; "
        "try: --http.user=NAME --http.password-file=FILE"};
  }
  if (url.find("://") == std::string::npos) url = "http://" + url;
  while (url.ends_with('/')) url.pop_back();
  if (url.starts_with("http://") || url.starts_with("https://")) return url;
  return Error{"--url; \"" + printable(url) + "\" is no URL; try: --url=http://127.0.0.1:9096"};
}

std::string with_login(const NodeAddress& node) {
  if (node.user.empty()) return node.url;
  const std::size_t host = node.url.find("://") + 3;
  return node.url.substr(0, host) + percent_encoded(node.user) + ":" +
         percent_encoded(node.password) + "@" + node.url.substr(host);
}

// What to do about an answer that is none of the API's.
Error refused(const NodeAddress& node, int status) {
  const std::string what =
      "GET " + without_password(node.url) + ": status " + std::to_string(status);
  if (status == 401) {
    return Error{what + "; it wants a password; try: --http.user=NAME --http.password-file=FILE"};
  }
  if (status == 404)
    return Error{what + "; it has no such API; try: is it a promster, and as new?"};
  if (node.url.starts_with("http://")) {
    return Error{what + "; try: --url=https://" + without_password(node.url).substr(7) +
                 ", where it speaks TLS"};
  }
  return Error{what};
}

}  // namespace

std::string local_page(const WebSettings& web) {
  const std::string prefix = web.route_prefix == "/" ? "" : web.route_prefix;
  return "http://" + local_address(web.listen_address) + prefix;
}

std::vector<CommandOption> node_options() {
  using Kind = CommandOption::Kind;
  return {{.name = "--url",
           .kind = Kind::kText,
           .help = "the page of a node; by default that of this machine, at --web.listen-address",
           .value = "URL"},
          {.name = "--http.user",
           .kind = Kind::kText,
           .help = "where the page wants a name and a password",
           .value = "NAME"},
          {.name = "--http.password-file",
           .kind = Kind::kText,
           .help = "holds the password",
           .value = "FILE"},
          {.name = "--http.ca-file",
           .kind = Kind::kText,
           .help = "whom to trust of an https:// page, instead of those of the system",
           .value = "FILE"}};
}

Result<NodeAddress> read_node_address(const CommandCall& call) {
  const std::string& url = call.text("--url");
  const auto page = url.empty() ? local_page(call.loaded.settings.web) : page_url(url);
  if (!page) return page.error();
  NodeAddress node{.url = *page,
                   .user = call.text("--http.user"),
                   .password = {},
                   .ca_file = call.text("--http.ca-file"),
                   .mend = NodeAddress().mend};
  const std::string& file = call.text("--http.password-file");
  if (file.empty()) return node;
  const auto password = read_file(file);
  if (!password) return password.error().within("--http.password-file");
  node.password = password->substr(0, password->find_last_not_of("\r\n") + 1);
  return node;
}

std::string with_query(const std::string& resource,
                       const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string result = resource;
  char separator = '?';
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    result += separator + name + "=" + percent_encoded(value);
    separator = '&';
  }
  return result;
}

HttpRequest api_request(const NodeAddress& node, const std::string& resource) {
  return {.url = with_login(node) + "/api/v1/" + resource,
          .headers = {{"Accept", "application/json"}},
          .body = {},
          .most = 64 << 20,
          .ca_file = node.ca_file};
}

Result<std::string> NodeClient::ask(const std::string& resource) {
  HttpRequest request = api_request(node_, resource);
  request.stop = stop_;
  const auto answer = http_.send(request);
  if (!answer) return Error{answer.error().message + "; try: " + node_.mend};
  if (answer->header("content-type").starts_with("application/json")) {
    return open_envelope(answer->body);
  }
  return refused(node_, answer->status);
}

bool NodeClient::answers() {
  HttpRequest request{.url = node_.url + "/-/healthy",
                      .headers = {},
                      .body = {},
                      .deadline = Duration(1'000),
                      .ca_file = node_.ca_file};
  const auto answer = http_.send(request);
  return answer && answer->status != 404;
}

}  // namespace promster
