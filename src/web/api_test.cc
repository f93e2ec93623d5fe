// What the API answers, through a real server: what of the snapshot it says, and where it refuses.
#include "web/api.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "web/api_document.h"
#include "web/api_history.h"
#include "web/api_server_for_test.h"

namespace promster {
namespace {

using nlohmann::json;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

TEST(ApiStatus, SaysHowTheNodeIs) {
  ApiServer api(bad_day(5, 20));
  const json status = api.data("status");
  EXPECT_EQ(status["node"], "10.0.0.1:9090");
  EXPECT_EQ(status["ready"], false);
  EXPECT_EQ(status["members"]["total"], 5);
  EXPECT_EQ(status["members"]["draining"], 1);
  EXPECT_EQ(status["sharding"], true);
  EXPECT_EQ(status["members"]["active"], 3);
  EXPECT_EQ(status["members"]["kept"][0]["name"], "10.0.0.3:9090");
  EXPECT_EQ(status["targets"]["rejected"]["total"], 2);
  EXPECT_EQ(status["targets"]["rejected"]["by_code"]["address"], 2);
  EXPECT_EQ(status["targets"]["held"], 12);
  EXPECT_EQ(status["targets"]["moving"], 3);
  EXPECT_EQ(status["etcd"]["scrape"]["up"], false);
  EXPECT_EQ(status["etcd"]["scrape"]["reason"], "no leader");
  EXPECT_GT(status["registration"]["lease_remaining"], 0);
  EXPECT_EQ(status["configuration"]["in_use"], false);
  EXPECT_EQ(status["configuration"]["refused_by"], "promtool");
  EXPECT_EQ(status["checksum"], "fedcba9876543210");
  EXPECT_EQ(status["balance"]["fair"], 4.0);
}

TEST(ApiStatus, SaysWhatAFarewellCameTo) {
  Snapshot snapshot = bad_day(5, 20);
  snapshot.drain_until = 1'700'000'060;
  snapshot.drain_end = DrainEnd::kTimeUp;
  ApiServer api(snapshot);
  const json status = api.data("status");
  EXPECT_EQ(status["drain_until"], 1'700'000'060);
  EXPECT_EQ(status["drain_end"], "time_up");
}

TEST(ApiStatus, OfANodeThatHasJustStarted) {
  ApiServer api{Snapshot{}};
  const json status = api.data("status");
  EXPECT_EQ(status["ready"], false);
  EXPECT_EQ(status["configuration"]["last_accepted"], nullptr);
  EXPECT_EQ(status["registration"]["lease_remaining"], 0);
  EXPECT_EQ(status["drain_until"], nullptr);
  EXPECT_EQ(status["drain_end"], "");
}

TEST(ApiNodes, SaysWhatEachOwnsAndHowItIs) {
  Snapshot snapshot = bad_day(5, 20);
  snapshot.members[1].applied = "other";
  ApiServer api(snapshot);
  const json data = api.data("nodes");
  ASSERT_EQ(data["nodes"].size(), 5u);
  std::size_t sum = 0;
  for (const json& node : data["nodes"]) sum += node["targets"].get<std::size_t>();
  EXPECT_EQ(sum, 20u);
  EXPECT_EQ(data["nodes"][0]["self"], true);
  EXPECT_EQ(data["nodes"][0]["agrees"], true);
  EXPECT_EQ(data["nodes"][1]["state"], "draining");
  EXPECT_EQ(data["nodes"][1]["agrees"], false);
  EXPECT_EQ(data["nodes"][2]["state"], "kept");
  EXPECT_EQ(data["nodes"][2]["agrees"], nullptr);
  EXPECT_EQ(data["nodes"][4]["algorithm"], "");
  EXPECT_EQ(data["nodes"][0]["prometheus"], "http://10.0.0.1:9090");
}

TEST(ApiNodes, SaysWhyThereAreNone) {
  Snapshot snapshot;
  snapshot.members_source = {.enabled = true, .synced = true, .revision = 7};
  ApiServer api(snapshot);
  EXPECT_EQ(api.data("nodes")["empty_because"],
            "no keys below /registry/prom-level1/ at revision 7");
}

TEST(ApiHistory, TheNewestFirstInPages) {
  Snapshot snapshot = good_day(3, 9);
  History::Changes changes;
  for (std::uint64_t id = 1; id <= 5; ++id) {
    ClusterChange change = example_change();
    change.id = id;
    changes.push_back(std::make_shared<const ClusterChange>(change));
  }
  snapshot.changes = std::make_shared<const History::Changes>(changes);
  ApiServer api(snapshot);
  const json data = api.data("history?limit=2&offset=1");
  EXPECT_EQ(data["total"], 5);
  ASSERT_EQ(data["changes"].size(), 2u);
  EXPECT_EQ(data["changes"][0]["id"], 4);
  EXPECT_EQ(data["changes"][1]["id"], 3);
  EXPECT_EQ(
      data["changes"][0]["summary"],
      "10.0.0.2:9090 left (lease expired or revoked), 4 targets moved, settled here in 1.1 s");
  EXPECT_EQ(change_summary(example_change(), "10.0.0.9:9090"),
            "10.0.0.2:9090 left (lease expired or revoked), 4 targets moved")
      << "the time of a node that has no part in it";
  EXPECT_EQ(api.data("history?offset=9")["empty_because"], "there are only 5");
  EXPECT_EQ(api.error("history?limit=1001", 400),
            "bad_data: limit; \"1001\" is no number from 0 to 1000; try: limit=100");
  EXPECT_TRUE(contains(api.error("history?offset=x", 400), "try: offset=0"));
}

TEST(ApiReloads, TheNewestFirstWithTheirWords) {
  ApiServer api(bad_day(3, 9));
  const json reloads = api.data("reloads")["reloads"];
  ASSERT_EQ(reloads.size(), 2u);
  EXPECT_EQ(reloads[0]["result"], "rejected");
  EXPECT_EQ(reloads[0]["who"], "promtool");
  EXPECT_TRUE(contains(reloads[0]["words"], "unclosed left parenthesis\n"));
  EXPECT_TRUE(contains(reloads[1]["diff"], "+  scrape_interval: 5s\n"));
  ApiServer fresh{Snapshot{}};
  EXPECT_NE(fresh.data("reloads").value("empty_because", ""), "");
}

TEST(ApiFiles, WholeOrCutBetweenCharacters) {
  Snapshot snapshot = good_day(3, 9);
  std::string large(256 * 1024 - 1, 'x');
  large += "\xc3\xa4 and more";
  snapshot.files = {{.name = "prometheus.yml",
                     .content = std::make_shared<const std::string>(large),
                     .written = 1795000000},
                    {.name = "rules.yml"}};
  ApiServer api(snapshot);
  const json data = api.data("files");
  EXPECT_EQ(data["files"][0]["bytes"], large.size());
  EXPECT_EQ(data["files"][0]["content"], std::string(256 * 1024 - 1, 'x'));
  EXPECT_EQ(data["files"][0]["cut"], true);
  EXPECT_EQ(data["files"][1]["written"], nullptr);
  EXPECT_EQ(data["files"][1]["cut"], false);
  EXPECT_EQ(data["rules"][0]["guarded"], true);
  EXPECT_EQ(data["alerts"][0]["name"], "TargetDown");
  EXPECT_EQ(data["alerts"][0]["for"], "5m");
}

TEST(ApiFiles, RulesAreShownAsTheyAreWritten) {
  Settings settings;
  settings.rules = {{.number = 1, .name = "a", .expr = "sum(x)"},
                    {.number = 2, .name = "b", .expr = "sum(x)", .guard = false},
                    {.number = 3, .name = "c", .expr = "vector(1)"}};
  auto rules = shown_rules(settings);
  EXPECT_TRUE(rules[0].guarded);
  EXPECT_TRUE(contains(rules[0].written_expr, "promster_foreign_target"));
  EXPECT_FALSE(rules[1].guarded);
  EXPECT_EQ(rules[1].written_expr, "sum(x)");
  EXPECT_FALSE(rules[2].guarded) << "there is nothing to guard";
  settings.alerts = {{.number = 1, .name = "A", .expr = "up == 0", .after = Duration(90'000)},
                     {.number = 2, .name = "B", .expr = "up == 0", .guard = false}};
  const auto alerts = shown_alerts(settings);
  EXPECT_EQ(alerts[0].after, "1m30s");
  EXPECT_TRUE(contains(alerts[0].written_expr, "promster_foreign_target"));
  EXPECT_EQ(alerts[1].after, "");
  EXPECT_EQ(alerts[1].written_expr, "up == 0");
  settings.rules_guard = false;
  rules = shown_rules(settings);
  EXPECT_EQ(rules[0].written_expr, "sum(x)");
}

TEST(ApiSettings, WithTheirSources) {
  ApiServer api(good_day(3, 9));
  const json settings = api.data("settings")["settings"];
  EXPECT_EQ(settings[0]["name"], "scrape.interval");
  EXPECT_EQ(settings[0]["value"], "5s");
  EXPECT_EQ(settings[0]["source"], "SCRAPE_INTERVAL");
}

TEST(ApiSd, IsTheTargetFile) {
  Snapshot snapshot = good_day(3, 9);
  const std::string file = R"([{"labels": {"prsn": "a"}, "targets": ["10.0.0.1:80"]}])";
  snapshot.files = {{.name = "sd/targets.json", .content = std::make_shared<std::string>(file)}};
  ApiServer api(snapshot);
  const HttpResponse answer = api.get("sd");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_EQ(answer.body, file);
  api.publish(Snapshot{});
  EXPECT_TRUE(contains(api.error("sd", 503), "unavailable: sd; the target file"));
}

TEST(ApiDocument, IsServed) {
  ApiServer api{Snapshot{}};
  const HttpResponse answer = api.get("openapi.yaml");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "application/yaml");
  EXPECT_EQ(answer.body, api_document());
  EXPECT_TRUE(answer.body.starts_with("openapi: 3.1.0\n"));
}

TEST(ApiLevels, EveryLevelWithTheStateOfItsNodes) {
  Snapshot snapshot = bad_day(5, 20);
  snapshot.service = "prom-level1";
  ApiServer api(snapshot);
  const json data = api.data("levels");
  ASSERT_EQ(data["levels"].size(), 3u);
  EXPECT_EQ(data["sources"][0]["targets"], 20);
  EXPECT_EQ(data["levels"][0]["self"], true);
  EXPECT_EQ(data["levels"][0]["nodes"][1]["state"], "draining");
  EXPECT_EQ(data["levels"][0]["nodes"][2]["state"], "kept");
  EXPECT_EQ(data["levels"][1]["self"], false);
  EXPECT_EQ(data["levels"][1]["nodes"][1]["state"], "down");
  EXPECT_EQ(data["levels"][2]["nodes"][0]["state"], "active");
}

TEST(ApiLevels, EtcdMaySayNothing) {
  ApiServer silent(good_day(3, 9), [](NodeView& view) {
    view.read_levels = []() -> Result<LevelsSeen> { return Error{"list /registry/: no leader"}; };
  });
  EXPECT_EQ(silent.error("levels", 503), "unavailable: levels: list /registry/: no leader");
  ApiServer without(good_day(3, 9), [](NodeView& view) { view.read_levels = nullptr; });
  EXPECT_TRUE(contains(without.error("levels", 503), "--registry.etcd-url"));
  ApiServer empty(good_day(3, 9), [](NodeView& view) {
    view.read_levels = [] {
      return LevelsSeen{.levels = {.revision = 3, .sources = {{.prefix = "/t", .feeds = {"s"}}}}};
    };
  });
  EXPECT_EQ(empty.data("levels")["empty_because"], "no node is registered at revision 3");
}

// Whatever is in etcd, an answer is JSON.
TEST(Api, TextFromOutsideStaysText) {
  Snapshot snapshot = bad_day(3, 9);
  const std::string bad = "\xff\"<script>\x01\n";
  snapshot.rejected_examples = {{.key = "/t/" + bad, .code = "not_utf8", .reason = bad}};
  snapshot.members[0].version = bad;
  snapshot.members[0].web = "javascript:" + bad;
  snapshot.degraded = {bad};
  ApiServer api(snapshot);
  for (const char* path : {"status", "nodes", "targets?state=rejected", "targets?q=%ff"}) {
    const HttpResponse answer = api.get(path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_TRUE(is_utf8(answer.body)) << path;
  }
  EXPECT_TRUE(contains(api.error("targets?state=%ff%22", 400), "\\xff"));
}

// The server's thread answers everybody else meanwhile.
TEST(Api, WhatMayBeLongIsFoundOutLater) {
  const Published<Snapshot> snapshot(good_day(3, 9));
  Router router;
  add_api(router, example_view(snapshot));
  for (const std::string path :
       {"targets", "explain", "levels", "history", "reloads", "files", "sd"}) {
    EXPECT_TRUE(router.handle({.method = "GET", .path = "/api/v1/" + path}).later) << path;
  }
  EXPECT_FALSE(router.handle({.method = "GET", .path = "/api/v1/status"}).later);
}

TEST(Api, IsCountedByItsNames) {
  ApiServer api(good_day(3, 9));
  EXPECT_EQ(api.get("status").header("cache-control"), "no-store");
}

}  // namespace
}  // namespace promster
