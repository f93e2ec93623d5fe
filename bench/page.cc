// How long a search and the page take in a large cluster: one real node and a real etcd with
// 100,000 targets and 50 nodes, 49 of which are only keys.
//   bench_page [targets] [nodes] [searches of each kind]
// prints, in milliseconds, the time of the search alone as the server tells it, and that of the
// whole answer as a client on loopback sees it; then the first answer of each view of the page, and
// what the page weighs, compressed.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "cluster/etcd_server.h"
#include "cluster/node.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "core/keyspace.h"
#include "etcd/client.h"
#include "prom/http_client.h"

namespace promster {
namespace {

using std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "bench_page: %s\n", why.c_str());
  std::exit(1);
}

template <class R>
auto must(R result) {
  if (!result) fail(result.error().message);
  return std::move(result).value();
}

std::string address(int i) {
  return "10." + std::to_string(i >> 16) + "." + std::to_string(i >> 8 & 255) + "." +
         std::to_string(i & 255) + ":80";
}

std::string member(int i) {
  return "10.200.0." + std::to_string(i + 1) + ":9090";
}

void fill(Etcd& etcd, int targets, int nodes) {
  for (int i = 0; i < targets; ++i) {
    const std::string service = "shop-" + std::to_string(i % 40);
    must(etcd.put("/t/" + service + "/" + address(i),
                  R"({"labels": {"zone": "zone-)" + std::to_string(i % 3) + R"("}})", 0));
  }
  for (int i = 1; i < nodes; ++i) {
    must(etcd.put(member_key("/registry", "s", member(i)),
                  render_member_value({.name = member(i),
                                       .algorithm = kBoundedAlgorithm,
                                       .applied = {},
                                       .instance = "made-up",
                                       .scrapes = "/t",
                                       .web = {},
                                       .version = "0.1.0"}),
                  0));
  }
}

// The number behind a name in JSON; -1 where it is not there.
double number_of(const std::string& text, const std::string& name) {
  const std::size_t at = text.find("\"" + name + "\":");
  return at == std::string::npos ? -1 : std::atof(text.c_str() + at + name.size() + 3);
}

// The same, called before and after, in milliseconds.
struct Answer {
  HttpResponse response;
  double milliseconds = 0;
};

Answer ask(HttpClient& client, const std::string& url) {
  const auto started = steady_clock::now();
  auto response =
      must(client.send({.url = url, .headers = {{"Accept-Encoding", "gzip"}}, .body = {}}));
  const std::chrono::duration<double, std::milli> took = steady_clock::now() - started;
  if (response.status != 200) fail(url + ": " + std::to_string(response.status));
  return {.response = std::move(response), .milliseconds = took.count()};
}

struct Times {
  std::vector<double> all;

  double at(std::size_t percent) {
    std::ranges::sort(all);
    return all[std::min(all.size() - 1, all.size() * percent / 100)];
  }
};

struct Kind {
  const char* name;
  std::string query;  // of /api/v1/targets; "#" is another number each time
};

void measure_searches(HttpClient& client, const std::string& base, int targets, int count) {
  const std::vector<Kind> kinds{{"nothing: all, the first page", ""},
                                {"an address", "q=10.0.#"},
                                {"a label", "q=zone-1"},
                                {"two words", "q=shop-7%20zone-2"},
                                {"a node's name", "q=10.200.0.7"},
                                {"what is not there", "q=nowhere#"},
                                {"the last page of a node", "owner=10.200.0.7:9090&offset=1900"}};
  std::printf("%-32s %9s %28s %28s\n", "search for", "found", "search ms: median, p99, max",
              "answer ms: median, p99, max");
  for (const Kind& kind : kinds) {
    Times search, whole;
    double found = 0;
    for (int i = 0; i < count; ++i) {
      std::string query = kind.query;
      if (const std::size_t at = query.find('#'); at != query.npos) {
        query.replace(at, 1, std::to_string(i * 7919 % targets % 256));
      }
      // Not compressed, so that it can be read.
      const auto started = steady_clock::now();
      const auto response = must(client.get(base + "/api/v1/targets?" + query));
      const std::chrono::duration<double, std::milli> took = steady_clock::now() - started;
      if (response.status != 200) fail(response.body);
      whole.all.push_back(took.count());
      search.all.push_back(number_of(response.body, "search_seconds") * 1000);
      found = number_of(response.body, "total");
    }
    std::printf("%-32s %9.0f %10.2f %8.2f %8.2f %10.2f %8.2f %8.2f\n", kind.name, found,
                search.at(50), search.at(99), search.at(100), whole.at(50), whole.at(99),
                whole.at(100));
  }
}

void measure_answers(HttpClient& client, const std::string& base, int count) {
  std::printf("\n%-42s %28s %12s\n", "answer", "ms: median, p99, max", "bytes, gzip");
  for (const std::string path :
       {"/", "/targets", "/targets?q=shop-7", "/balance", "/history", "/api/v1/status",
        "/api/v1/nodes", "/api/v1/explain?target=10.0.0.7:80", "/api/v1/simulate?add=1"}) {
    Times times;
    std::size_t bytes = 0;
    const int rounds = path.find("explain") == path.npos && path.find("simulate") == path.npos
                           ? count
                           : std::min(count, 20);
    for (int i = 0; i < rounds; ++i) {
      const Answer answer = ask(client, base + path);
      times.all.push_back(answer.milliseconds);
      bytes = answer.response.body.size();
    }
    std::printf("%-42s %10.2f %8.2f %8.2f %12zu\n", path.c_str(), times.at(50), times.at(99),
                times.at(100), bytes);
  }
}

// The page with its style, icon and script.
void measure_weight(HttpClient& client, const std::string& base) {
  const std::string html = must(client.get(base + "/")).body;
  std::size_t sum = ask(client, base + "/").response.body.size();
  std::printf("\n%-42s %12s\n%-42s %12zu\n", "the page", "bytes, gzip", "/", sum);
  std::set<std::string> files;
  for (std::size_t at = html.find("\"assets/"); at != html.npos;
       at = html.find("\"assets/", at + 1)) {
    files.insert(html.substr(at + 1, html.find('"', at + 1) - at - 1));
  }
  for (const std::string& file : files) {
    const std::size_t bytes = ask(client, base + "/" + file).response.body.size();
    std::printf("%-42s %12zu\n", file.c_str(), bytes);
    sum += bytes;
  }
  std::printf("%-42s %12zu\n", "all", sum);
}

int measure(int targets, int nodes, int count) {
  const TempDir dir = must(TempDir::make("bench-page"));
  EtcdServer server = must(EtcdServer::start({.dir = dir.path()}));
  const auto etcd = make_etcd_client({.settings = {.endpoints = {server.endpoint()}}});
  fill(*etcd, targets, nodes);
  Node node = must(Node::start({.binary = PROMSTER_BINARY,
                                .name = "node",
                                .dir = dir.path(),
                                .environment = {{"SCRAPE_ETCD_PATH", "/t"},
                                                {"SCRAPE_INTERVAL", "1h"},
                                                {"REGISTRY_ETCD_URL", server.endpoint()},
                                                {"REGISTRY_SERVICE", "s"}}}));
  if (const auto ready = node.wait_until_ready(std::chrono::minutes(2)); !ready) {
    fail(ready.error().message);
  }
  HttpClient client;
  const auto all = wait_for("the whole cluster", std::chrono::minutes(2), [&] {
    const std::string body = must(client.get(node.web_url() + "/api/v1/nodes")).body;
    return number_of(body, "fair") == static_cast<double>(targets) / nodes;
  });
  if (!all) fail(all.error().message);
  std::printf("%d targets, %d nodes, %d of each kind\n\n", targets, nodes, count);
  measure_searches(client, node.web_url(), targets, count);
  measure_answers(client, node.web_url(), count);
  measure_weight(client, node.web_url());
  return 0;
}

}  // namespace
}  // namespace promster

int main(int argc, char** argv) {
  const int targets = argc > 1 ? std::atoi(argv[1]) : 100'000;
  const int nodes = argc > 2 ? std::atoi(argv[2]) : 50;
  const int count = argc > 3 ? std::atoi(argv[3]) : 300;
  if (targets < 1 || nodes < 1 || nodes > 200 || count < 1) {
    promster::fail("usage: bench_page [targets] [nodes] [searches of each kind]");
  }
  return promster::measure(targets, nodes, count);
}
