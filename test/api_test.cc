// Three real nodes that share 1,000 targets: whoever is asked, in whatever way, names the same
// owner, and the owner's Prometheus scrapes them; and a node that dies is told of.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/inbox.h"
#include "cluster/etcd_server.h"
#include "cluster/hierarchy.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "etcd/client.h"
#include "prom/event_stream.h"
#include "prom/http_client.h"
#include "web/api_record_for_test.h"

namespace promster {
namespace {

using nlohmann::json;

constexpr Duration kLong = std::chrono::seconds(120);
constexpr int kTargets = 1000;

// By address.
struct Owned {
  std::string owner, next_owner;
  bool operator==(const Owned&) const = default;
};
using Owners = std::map<std::string, std::string>;

class ApiOfACluster : public ::testing::Test {
 protected:
  ApiOfACluster()
      : dir_(TempDir::make("api-test").value()),
        etcd_(EtcdServer::start({.dir = dir_.path()}).value()),
        nodes_({.binary = PROMSTER_BINARY, .dir = dir_.path()}) {
    const auto client = make_etcd_client({.settings = {.endpoints = {etcd_.endpoint()}}});
    for (int i = 0; i < kTargets; ++i) {
      const std::string address =
          "127.7." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1) + ":9";
      EXPECT_TRUE(client->put("/t/app/" + address, "", 0));
    }
    EXPECT_TRUE(nodes_.add_level({.name = "node", .nodes = 3, .environment = environment()}));
    const auto ready = nodes_.wait_until_ready(kLong);
    EXPECT_TRUE(ready) << ready.error().message << nodes_.log_tails(20);
  }

  // Nobody answers at the targets; they are asked rarely. Who owns a target has it at once.
  Environment environment() const {
    return {{"SCRAPE_ETCD_PATH", "/t"},        {"REGISTRY_ETCD_URL", etcd_.endpoint()},
            {"REGISTRY_SERVICE", "s"},         {"REGISTRY_TTL", "3"},
            {"SCRAPE_INTERVAL", "60s"},        {"EVALUATION_INTERVAL", "60s"},
            {"PROMSTER_SHARD_HANDOVER", "0s"}, {"LOG_LEVEL", "debug"}};
  }

  // The data of an answer.
  json ask(std::size_t node, const std::string& path) {
    const HttpResponse answer = get_api(http_, nodes_.nodes(0)[node].web_url(), "/api/v1/" + path);
    EXPECT_EQ(answer.status, 200) << path << ": " << answer.body;
    return json::parse(answer.body, nullptr, false).value("data", json());
  }

  // Who has what by the table of a node.
  Owners owners_by(std::size_t node) {
    Owners owners;
    const json data = ask(node, "targets?limit=1000");
    for (const json& row : data["targets"]) {
      if (!row["owners"].empty()) owners[row["address"]] = row["owners"][0];
    }
    return owners;
  }

  // Once every node sees all nodes.
  Result<void> wait_until_all_agree(std::size_t members) {
    return wait_for("all nodes to agree", kLong, [&]() -> Result<void> {
      std::set<std::string> checksums;
      for (std::size_t i = 0; i < nodes_.nodes(0).size(); ++i) {
        const json status = ask(i, "status");
        if (status["members"]["active"] != members) return Error{status["members"].dump()};
        checksums.insert(status["checksum"]);
      }
      return checksums.size() == 1 ? Result<void>() : Error{"checksums differ"};
    });
  }

  Owned explained_by_api(std::size_t node, const std::string& address) {
    const json told = ask(node, "explain?target=" + address);
    return {told.value("owner", ""), told["next_owner"].is_string() ? told["next_owner"] : ""};
  }

  // Straight from etcd.
  Owned explained_by_command(const std::string& address) const {
    const auto ran =
        run_program({PROMSTER_BINARY, "explain", "-o", "json", "--scrape.etcd-path=/t",
                     "--registry.etcd-url=" + etcd_.endpoint(), "--registry.service=s", address},
                    kLong);
    if (!ran) return {ran.error().message, ""};
    const json told = json::parse(ran->text, nullptr, false);
    if (!told.is_object()) return {ran->text, ""};
    return {told.value("owner", ""), told["next_owner"].is_string() ? told["next_owner"] : ""};
  }

  // A row of the page that has the target's address, without its markup.
  std::vector<std::string> page_rows(std::size_t node) {
    std::vector<std::string> rows;
    for (int offset = 0; offset < kTargets; offset += 50) {
      const auto page =
          http_.get(nodes_.nodes(0)[node].web_url() + "/targets?offset=" + std::to_string(offset));
      EXPECT_TRUE(page && page->status == 200);
      if (!page) continue;
      std::size_t at = page->body.find("<tbody");
      while ((at = page->body.find("<tr", at)) != std::string::npos) {
        const std::size_t end = page->body.find("</tr>", at);
        rows.push_back(page->body.substr(at, end - at));
        at = end;
      }
    }
    return rows;
  }

  TempDir dir_;
  EtcdServer etcd_;
  Hierarchy nodes_;
  HttpClient http_;
};

TEST_F(ApiOfACluster, EverybodyNamesTheSameOwnerAndTheOwnerScrapes) {
  const auto agreed = wait_until_all_agree(3);
  ASSERT_TRUE(agreed) << agreed.error().message << nodes_.log_tails(20);
  const Owners owners = owners_by(0);
  ASSERT_EQ(owners.size(), std::size_t{kTargets});
  EXPECT_EQ(owners_by(1), owners);
  EXPECT_EQ(owners_by(2), owners);

  std::size_t node = 0;
  for (const auto& [address, owner] : owners) {
    const Owned by_command = explained_by_command(address);
    ASSERT_EQ(by_command.owner, owner) << "promster explain " << address;
    const Owned by_api = explained_by_api(node++ % 3, address);
    ASSERT_EQ(by_api, by_command) << address;
  }

  std::size_t shown = 0;
  for (const std::string& row : page_rows(1)) {
    const auto target = std::ranges::find_if(owners, [&](const auto& one) {
      return row.find(">" + one.first + "<") != std::string::npos;
    });
    if (target == owners.end()) continue;
    ++shown;
    ASSERT_NE(row.find(">" + target->second + "<"), std::string::npos) << row;
  }
  EXPECT_EQ(shown, std::size_t{kTargets}) << "rows of the page";

  const auto scraped = wait_for("the owners to scrape", kLong, [&]() -> Result<void> {
    const auto by_node = nodes_.scraped(0);
    if (!by_node) return by_node.error();
    for (const Node& one : nodes_.nodes(0)) {
      const auto& active = by_node->at(one.name());
      const std::set<std::string> has(active.begin(), active.end());
      for (const auto& [address, owner] : owners) {
        if (owner == one.address() && !has.contains(address)) {
          return Error{owner + " does not scrape " + address};
        }
      }
    }
    return {};
  });
  EXPECT_TRUE(scraped) << scraped.error().message;
}

TEST_F(ApiOfACluster, ANodeThatDiesIsToldOf) {
  const auto agreed = wait_until_all_agree(3);
  ASSERT_TRUE(agreed) << agreed.error().message << nodes_.log_tails(20);
  const std::string dead = nodes_.nodes(0)[2].address();
  Inbox<StreamedEvent> events;
  std::jthread reader([&, url = nodes_.nodes(0)[0].web_url()](const std::stop_token& stop) {
    (void)read_event_stream(
        {.url = url + "/api/v1/events", .headers = {}, .body = {}},
        [&](StreamedEvent event) { events.push(std::move(event)); }, stop);
  });
  nodes_.nodes(0)[2].crash();

  bool told = false, status_told = false;
  const auto until = std::chrono::steady_clock::now() + kLong;
  while (!(told && status_told) && std::chrono::steady_clock::now() < until) {
    for (const StreamedEvent& event : events.wait_until(until)) {
      AnswerRecord::event(event.name, event.data);
      const json data = json::parse(event.data, nullptr, false);
      if (event.name == "status" && told) {
        status_told = status_told || data["members"]["total"] == 2;
      }
      if (event.name != "change") continue;
      for (const json& member : data["members"]) {
        told = told || (member["member"] == dead && member["change"] == "left");
      }
    }
  }
  EXPECT_TRUE(told && status_told) << nodes_.log_tails(20);
  reader.request_stop();

  const json changes = ask(1, "history?limit=10")["changes"];
  const auto left = std::ranges::find_if(changes, [&](const json& change) {
    return std::ranges::any_of(change["members"], [&](const json& member) {
      return member["member"] == dead && member["change"] == "left";
    });
  });
  ASSERT_NE(left, changes.end()) << changes.dump(1);
  EXPECT_GT((*left)["targets_moved"], kTargets / 5);
  EXPECT_EQ((*left)["moves"][0]["from"], dead);
  EXPECT_TRUE((*left)["summary"].get<std::string>().starts_with(dead + " left"));
  for (const auto& [address, owner] : owners_by(0)) ASSERT_NE(owner, dead) << address;
}

TEST_F(ApiOfACluster, LevelsAndHealthAreAskedOfThoseWhoKnow) {
  const auto agreed = wait_until_all_agree(3);
  ASSERT_TRUE(agreed) << agreed.error().message << nodes_.log_tails(20);
  json levels = ask(0, "levels");
  ASSERT_EQ(levels["levels"].size(), 1u);
  EXPECT_EQ(levels["sources"][0]["prefix"], "/t");
  EXPECT_EQ(levels["sources"][0]["targets"], kTargets);
  for (const json& node : levels["levels"][0]["nodes"]) EXPECT_EQ(node["state"], "active");

  // A node that is registered, but is not there.
  const auto client = make_etcd_client({.settings = {.endpoints = {etcd_.endpoint()}}});
  ASSERT_TRUE(client->put("/registry/other/127.0.0.1:9", "", 0));
  const auto down = wait_for("the other level", kLong, [&]() -> Result<void> {
    levels = ask(0, "levels");
    return levels["levels"].size() == 2 ? Result<void>() : Error{levels.dump()};
  });
  ASSERT_TRUE(down) << down.error().message;
  for (const json& level : levels["levels"]) {
    EXPECT_EQ(level["nodes"][0]["state"], level["service"] == "other" ? "down" : "active");
  }

  const auto asked = wait_for("targets that are known to be down", kLong, [&]() -> Result<void> {
    const json data = ask(2, "targets?state=down&limit=5&health=true");
    if (data["total"] == 0) return Error{data.dump()};
    EXPECT_EQ(data["targets"][0]["health"]["state"], "down");
    const json told = ask(1, "explain?target=" + data["targets"][0]["address"].get<std::string>());
    const std::string words = told["health"]["error"];
    return words.empty() ? Error{told.dump()} : Result<void>();
  });
  EXPECT_TRUE(asked) << asked.error().message;
}

}  // namespace
}  // namespace promster
