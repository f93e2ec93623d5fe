#pragma once

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cli/command.h"
#include "prom/http_client.h"

namespace promster {

// The page of a node, and who we are to it.
struct NodeAddress {
  std::string url;  // of its page, without the slash at its end: "http://127.0.0.1:9096"
  std::string user, password;
  std::string ca_file;
  // What to try where it does not answer.
  std::string mend = "--url=http://NODE:9096, the page of a node";
};

// The page of the node on this machine, by where it listens: "http://127.0.0.1:9096/prefix".
std::string local_page(const WebSettings& web);

// --url, --http.user, --http.password-file and --http.ca-file, which every command has that asks a
// node.
std::vector<CommandOption> node_options();

// What those options say; without --url the page of the node on this machine, where
// --web.listen-address is. A password is its file without the line end. Fails where a file cannot
// be read, or the URL is none or has a name or a password in it.
Result<NodeAddress> read_node_address(const CommandCall& call);

// "targets" and {{"q", "a b"}, {"owner", ""}}: "targets?q=a%20b"; what is empty is left out.
std::string with_query(const std::string& resource,
                       const std::vector<std::pair<std::string, std::string>>& parameters);

// A GET of /api/v1/<resource> of this node.
HttpRequest api_request(const NodeAddress& node, const std::string& resource);

// Asks the API of one node.
//
// Thread rule: one thread. Each answer is waited for, up to 10 s.
class NodeClient {
 public:
  // A stop ends a wait early.
  explicit NodeClient(NodeAddress node, std::stop_token stop = {})
      : node_(std::move(node)), stop_(std::move(stop)) {}

  // The `data` of the answer, as JSON (src/web/openapi.yaml); what the node says is wrong is an
  // error in its words.
  Result<std::string> ask(const std::string& resource);

  // Whether it answers at all, within a second.
  bool answers();

  const NodeAddress& node() const { return node_; }

 private:
  NodeAddress node_;
  std::stop_token stop_;
  HttpClient http_;
};

}  // namespace promster
