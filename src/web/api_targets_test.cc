// Who scrapes what: search, explanation, what-if, and what the owners are asked.
#include "web/api_targets.h"

#include <gtest/gtest.h>

#include <map>

#include "base/inbox.h"
#include "web/api_server_for_test.h"

namespace promster {
namespace {

using nlohmann::json;
using State = TargetHealth::State;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

std::vector<std::string> addresses(const json& data) {
  std::vector<std::string> result;
  for (const json& row : data["targets"]) result.push_back(row["address"]);
  return result;
}

TEST(ApiTargets, ListsAllInPages) {
  ApiServer api(good_day(5, 120));
  json data = api.data("targets");
  EXPECT_EQ(data["total"], 120);
  EXPECT_EQ(data["limit"], 50);
  EXPECT_EQ(data["targets"].size(), 50u);
  const json first = data["targets"][0];
  EXPECT_EQ(first["address"], "10.1.0.0:3000");
  EXPECT_EQ(first["key"], "/webservers/generator/10.1.0.0:3000");
  EXPECT_EQ(first["labels"]["zone"], "north");
  EXPECT_EQ(first["owners"].size(), 1u);
  EXPECT_EQ(first["state"], "assigned");
  EXPECT_EQ(first["health"], nullptr);
  EXPECT_GE(data["search_seconds"], 0);
  data = api.data("targets?offset=110&limit=50");
  EXPECT_EQ(data["targets"].size(), 10u);
  data = api.data("targets?offset=500");
  EXPECT_EQ(data["empty_because"], "there are only 120");
  EXPECT_EQ(api.data("targets?limit=0")["total"], 120);
}

TEST(ApiTargets, SearchesWordsAndOwners) {
  ApiServer api(good_day(5, 120));
  EXPECT_EQ(api.data("targets?q=10.1.0.7:3000")["total"], 1);
  EXPECT_EQ(api.data("targets?q=SOUTH")["total"], 60);
  const json owned = api.data("targets?owner=10.0.0.2:9090&limit=1000");
  EXPECT_GT(owned["total"], 0);
  for (const json& row : owned["targets"]) EXPECT_EQ(row["owners"][0], "10.0.0.2:9090");
  EXPECT_EQ(api.data("targets?q=nothing")["empty_because"], "none of the 120 targets matches");
}

TEST(ApiTargets, WhatMovesIsHeldOrRejectedIsSaidSo) {
  ApiServer api(bad_day(5, 20));
  EXPECT_EQ(addresses(api.data("targets?state=moving")),
            (std::vector<std::string>{"10.1.0.1:3000", "10.1.0.2:3000", "10.1.0.3:3000"}));
  const json held = api.data("targets?state=held&limit=5&offset=10");
  EXPECT_EQ(held["total"], 12);
  ASSERT_EQ(held["targets"].size(), 2u);
  EXPECT_EQ(held["targets"][0]["state"], "held");
  EXPECT_TRUE(held["targets"][0]["owners"].empty());
  EXPECT_TRUE(contains(held["targets"][0]["reason"], "promster confirm"));
  EXPECT_TRUE(contains(held["targets"][0]["reason"], "until 2026-11-18 11:21:40 UTC"));
  const json rejected = api.data("targets?state=rejected");
  EXPECT_EQ(rejected["total"], 2);
  EXPECT_TRUE(contains(rejected["targets"][0]["reason"], "register host:port"));
  EXPECT_EQ(api.data("targets")["total"], 20) << "without words only what is assigned";
}

TEST(ApiTargets, ASearchAlsoFindsWhatIsHeldOrRejectedBehindTheOthers) {
  ApiServer api(bad_day(5, 20));
  const json data = api.data("targets?q=10.&limit=3&offset=19");
  EXPECT_EQ(data["total"], 20 + 12 + 2);
  ASSERT_EQ(data["targets"].size(), 3u);
  EXPECT_EQ(data["targets"][0]["state"], "assigned");
  EXPECT_EQ(data["targets"][1]["state"], "held");
  EXPECT_EQ(api.data("targets?q=10.&limit=3&offset=32")["targets"][0]["state"], "rejected");
}

TEST(ApiTargets, SaysWhatIsWrongWithAQuestion) {
  ApiServer api(good_day(3, 9));
  EXPECT_EQ(api.error("targets?limit=-1", 400),
            "bad_data: limit; \"-1\" is no number from 0 to 1000; try: limit=50");
  EXPECT_TRUE(contains(api.error("targets?state=gone", 400), "bad_data: state; \"gone\" is none"));
  EXPECT_TRUE(contains(api.error("targets?health=1", 400), "try: health=true"));
  EXPECT_TRUE(contains(api.error("targets?q=" + std::string(1001, 'x'), 400), "q; it is longer"));
  EXPECT_TRUE(contains(api.error("targets?offset=99999999999999999999", 400), "offset; "));
}

TEST(ApiTargets, BeforeEtcdWasListedNobodyKnows) {
  Snapshot snapshot;
  snapshot.targets_source = {.enabled = true, .reason = "no endpoint answers"};
  ApiServer api(snapshot);
  EXPECT_EQ(api.error("targets", 503),
            "unavailable: the targets were not listed yet; no endpoint answers; try: promster "
            "check");
  EXPECT_TRUE(contains(api.error("explain?target=a:1", 503), "not listed yet"));
  EXPECT_TRUE(contains(api.error("simulate?add=1", 503), "not listed yet"));
}

TEST(ApiTargets, EmptySaysWhereItLooked) {
  Snapshot snapshot = good_day(3, 0);
  ApiServer api(snapshot);
  EXPECT_EQ(api.data("targets")["empty_because"],
            "no keys below /webservers/generator at revision 812");
  EXPECT_EQ(api.data("targets?state=held")["empty_because"], "no target is held");
}

// The Prometheus servers of the owners, as a test wants them: a target whose address ends in 0 is
// down, one that ends in 1 is not known; one owner does not answer.
class Owners {
 public:
  HealthAnswer ask(const std::vector<HealthQuestion>& questions) {
    HealthAnswer answer;
    for (const HealthQuestion& question : questions) {
      asked_.push(question);
      if (question.owner == silent_) {
        answer.failed[question.owner] = "Timeout was reached";
        continue;
      }
      auto& said = answer.by_owner[question.owner];
      for (int i = 0; i < 40; ++i) {
        const std::string address = "10.1.0." + std::to_string(i) + ":3000";
        const bool down = i % 10 == 0;
        if (i % 10 == 1 || (question.only_down && !down)) continue;
        said[address] = {.state = down ? State::kDown : State::kUp,
                         .last_scrape = 1795000000,
                         .took_seconds = 0.01,
                         .error = question.words && down ? "connection refused" : ""};
      }
    }
    return answer;
  }

  AskHealth asker() {
    return [this](const std::vector<HealthQuestion>& questions) { return ask(questions); };
  }
  std::vector<HealthQuestion> asked() {
    return asked_.wait_until(std::chrono::steady_clock::now());
  }

  std::string silent_;

 private:
  Inbox<HealthQuestion> asked_;
};

TEST(ApiHealth, IsAskedOfTheOwnersOfThePage) {
  Owners owners;
  ApiServer api(good_day(5, 40), [&](NodeView& view) { view.ask_health = owners.asker(); });
  api.data("targets?limit=3");
  EXPECT_TRUE(owners.asked().empty()) << "nobody wanted to know";
  const json data = api.data("targets?limit=3&health=true");
  EXPECT_EQ(data["targets"][0]["health"]["state"], "down");
  EXPECT_EQ(data["targets"][1]["health"]["state"], "unknown");
  EXPECT_EQ(data["targets"][2]["health"]["state"], "up");
  EXPECT_EQ(data["targets"][2]["health"]["last_scrape"], 1795000000);
  std::map<std::string, std::vector<std::string>> asked;
  for (const HealthQuestion& question : owners.asked()) asked[question.owner] = question.addresses;
  for (const json& row : data["targets"]) {
    const auto& of_owner = asked[row["owners"][0]];
    EXPECT_TRUE(std::ranges::find(of_owner, row["address"].get<std::string>()) != of_owner.end());
  }
}

TEST(ApiHealth, IsSearchedFor) {
  Owners owners;
  ApiServer api(good_day(5, 40), [&](NodeView& view) { view.ask_health = owners.asker(); });
  const json down = api.data("targets?state=down&limit=2&offset=1");
  EXPECT_EQ(down["total"], 4);
  EXPECT_EQ(addresses(down), (std::vector<std::string>{"10.1.0.10:3000", "10.1.0.20:3000"}))
      << "from the second on, of 0, 10, 20, 30";
  EXPECT_EQ(down["targets"][0]["health"]["state"], "down");
  EXPECT_EQ(api.data("targets?state=up")["total"], 32);
  EXPECT_EQ(api.data("targets?state=unknown&q=south")["total"], 4);
}

TEST(ApiHealth, OfAnOwnerThatDoesNotAnswerNothingIsKnown) {
  Owners owners;
  owners.silent_ = "10.0.0.2:9090";
  ApiServer api(good_day(5, 40), [&](NodeView& view) { view.ask_health = owners.asker(); });
  const std::size_t owned = api.data("targets?owner=10.0.0.2:9090")["total"];
  ASSERT_GT(owned, 0u);
  const json data = api.data("targets?owner=10.0.0.2:9090&health=true");
  EXPECT_EQ(data["targets"][0]["health"]["state"], "unknown");
  EXPECT_TRUE(contains(data["targets"][0]["health"]["error"], "Timeout was reached"));
  EXPECT_EQ(data["not_asked"][0]["owner"], "10.0.0.2:9090");
  EXPECT_EQ(api.data("targets?owner=10.0.0.2:9090&state=unknown")["total"], owned);
  owners.asked();
  api.data("targets?owner=10.0.0.2:9090&state=unknown&health=true");
  EXPECT_EQ(owners.asked().size(), 1u) << "who did not answer is not asked again";
}

TEST(ApiHealth, WithoutAnybodyToAskItIsNotKnown) {
  ApiServer api(good_day(5, 40));
  EXPECT_EQ(api.data("targets?state=unknown")["total"], 40);
  EXPECT_EQ(api.data("explain?target=10.1.0.0:3000")["health"], nullptr);
}

TEST(ApiExplain, AgreesWithTheTable) {
  Owners owners;
  ApiServer api(good_day(5, 40), [&](NodeView& view) { view.ask_health = owners.asker(); });
  const json data = api.data("targets");
  ASSERT_EQ(data["targets"].size(), 40u);
  for (const json& row : data["targets"]) {
    const json told = api.data("explain?target=" + row["key"].get<std::string>());
    EXPECT_EQ(told["owners"], row["owners"]);
    EXPECT_EQ(told["without"][told["owner"].get<std::string>()][0], told["next_owner"]);
    EXPECT_EQ(told["scores"].size(), 5u);
  }
  const json told = api.data("explain?target=10.1.0.20:3000");
  EXPECT_EQ(told["key"], "/webservers/generator/10.1.0.20:3000");
  EXPECT_EQ(told["health"]["error"], "connection refused");
}

TEST(ApiExplain, SaysWhatIsWrong) {
  ApiServer api(bad_day(5, 20));
  EXPECT_TRUE(contains(api.error("explain", 400), "bad_data: target; it is missing"));
  EXPECT_TRUE(
      contains(api.error("explain?target=10.1.0.1:300", 404), "did you mean 10.1.0.1:3000?"));
  EXPECT_TRUE(contains(api.error("explain?target=10.0.0.9", 404), "register host:port"));
  EXPECT_TRUE(contains(api.error("explain?target=10.9.0.1:3000", 404), "promster confirm"));
}

TEST(ApiExplain, WhereNobodySharesEveryNodeScrapesEverything) {
  Snapshot snapshot = good_day(1, 9);
  ClusterPicture picture = *snapshot.cluster;
  picture.sharded = false;
  snapshot.cluster = std::make_shared<const ClusterPicture>(picture);
  ApiServer api(snapshot);
  const json told = api.data("explain?target=10.1.0.1:3000");
  EXPECT_EQ(told["owner"], "10.0.0.1:9090");
  EXPECT_EQ(told["next_owner"], nullptr);
  EXPECT_EQ(api.data("targets?limit=1")["targets"][0]["owners"][0], "10.0.0.1:9090");
  EXPECT_EQ(api.data("nodes")["balance"]["most"], 9);
  EXPECT_TRUE(contains(api.error("simulate?add=1", 503), "not shared"));
}

TEST(ApiSimulate, SaysWhatWouldMove) {
  ApiServer api(good_day(5, 120));
  const json data = api.data("simulate?add=1&remove=10.0.0.2:9090");
  EXPECT_EQ(data["targets"], 120);
  EXPECT_EQ(data["before"]["nodes"].size(), 5u);
  EXPECT_EQ(data["after"]["nodes"].size(), 5u);
  EXPECT_EQ(data["after"]["nodes"][4]["name"], "new-1:9090");
  std::size_t moved = 0, from_leaving = 0;
  for (const json& move : data["moves"]) {
    moved += move["targets"].get<std::size_t>();
    if (move["from"] == "10.0.0.2:9090") from_leaving += move["targets"].get<std::size_t>();
  }
  EXPECT_EQ(moved, data["moved"]);
  EXPECT_EQ(from_leaving, data["before"]["nodes"][1]["targets"]);
  EXPECT_EQ(api.data("simulate?add=10.0.0.9:9090")["after"]["nodes"].size(), 6u);
}

TEST(ApiSimulate, SaysWhatIsWrongWithAQuestion) {
  ApiServer api(good_day(3, 9));
  EXPECT_TRUE(contains(api.error("simulate", 400), "try: simulate?add=1"));
  EXPECT_TRUE(contains(api.error("simulate?add=2000", 400), "from 0 to 1000"));
  EXPECT_TRUE(contains(api.error("simulate?add=-1", 400), "neither a number nor host:port"));
  EXPECT_TRUE(contains(api.error("simulate?add=10.0.0.2", 400), "neither a number nor host:port"));
  EXPECT_TRUE(contains(api.error("simulate?add=a:1,a:1", 400), "named twice"));
  EXPECT_TRUE(contains(api.error("simulate?add=10.0.0.1:9090", 400), "is a member already"));
  EXPECT_TRUE(contains(api.error("simulate?remove=10.0.0.8:9090", 400), "did you mean"));
  EXPECT_TRUE(contains(api.error("simulate?remove=10.0.0.1:9090,10.0.0.2:9090,10.0.0.3:9090", 400),
                       "no member"));
}

}  // namespace
}  // namespace promster
