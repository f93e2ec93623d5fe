// The page as a browser gets it: paths, statuses, prefix, files.
#include "web/page_routes.h"

#include <gtest/gtest.h>

#include <string>

#include "web/embedded_assets.h"
#include "web/page_markup_for_test.h"
#include "web/page_snapshots_for_test.h"

namespace promster {
namespace {

class PageRoutes : public testing::Test {
 protected:
  PageRoutes() : snapshot_(good_day(3, 60)), router_({.prefix = "/promster", .external_url = {}}) {
    NodeView view = example_view(snapshot_);
    view.ask_health = [](const std::vector<HealthQuestion>& questions) {
      HealthAnswer answer;
      for (const HealthQuestion& question : questions) {
        answer.by_owner[question.owner]["10.1.0.7:3000"] = {.state = TargetHealth::State::kDown,
                                                            .error = "connection refused"};
      }
      return answer;
    };
    add_page(router_, view);
  }

  WebResponse get(const std::string& target) {
    WebRequest request{.method = "GET"};
    EXPECT_TRUE(parse_request_target(target, request)) << target;
    return settled(router_.handle(request));
  }

  Published<Snapshot> snapshot_;
  Router router_;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

TEST_F(PageRoutes, EveryViewIsThere) {
  for (const std::string path :
       {"", "targets", "explain", "balance", "levels", "history", "reloads", "settings"}) {
    const WebResponse answer = get("/promster/" + path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.content_type, "text/html; charset=utf-8");
    EXPECT_EQ(Markup(answer.body).values("main", "data-view"),
              std::vector<std::string>{path.empty() ? "overview" : path});
  }
}

TEST_F(PageRoutes, TheFilesThatAPageNamesAreServed) {
  const Markup page(get("/promster/").body);
  std::vector<std::string> files = page.values("link", "href");
  ASSERT_EQ(files.size(), 2u);
  for (std::string& script : page.values("script", "src")) files.push_back(std::move(script));
  EXPECT_EQ(files.size(), embedded_scripts() ? 4u : 2u);
  for (const std::string& file : files) EXPECT_EQ(get("/promster/" + file).status, 200) << file;
}

TEST_F(PageRoutes, AViewShowsTheNewestSnapshot) {
  snapshot_.set(bad_day(3, 60));
  EXPECT_TRUE(contains(get("/promster/").body, "Not ready"));
}

TEST_F(PageRoutes, ASearchIsAnsweredByPages) {
  EXPECT_TRUE(contains(get("/promster/targets?q=NORTH").body, "30 found; etcd lists 60 targets"));
  EXPECT_TRUE(contains(get("/promster/targets?offset=50").body, "51\u201360 of 60"));
  EXPECT_TRUE(contains(get("/promster/targets?offset=x").body, "1\u201350 of 60"));
}

TEST_F(PageRoutes, DownTargetsAreThoseThatTheirOwnersCallSo) {
  const std::string page = get("/promster/targets?state=down").body;
  EXPECT_TRUE(contains(page, "1 found; etcd lists 60 targets"));
  EXPECT_TRUE(contains(page, "connection refused"));
}

TEST_F(PageRoutes, OwnersAreAskedHowTheirTargetsAreOnlyOnDemand) {
  const std::string page = get("/promster/targets?q=10.1.0.7:").body;
  EXPECT_FALSE(contains(page, "connection refused"));
  EXPECT_TRUE(contains(page, "&amp;health=true"));
  const std::string asked = get("/promster/targets?q=10.1.0.7:&health=true").body;
  EXPECT_TRUE(contains(asked, "connection refused"));
}

TEST_F(PageRoutes, NoMoreWordsAreSearchedForThanTheApiTakes) {
  const std::string much(1000, '0');
  EXPECT_TRUE(contains(get("/promster/targets?q=" + much + "1").body,
                       "name=\"q\" type=\"search\" value=\"" + much + "\""));
}

TEST_F(PageRoutes, AnUnknownTargetIsNotFound) {
  EXPECT_EQ(get("/promster/explain?target=10.1.0.7:3000").status, 200);
  EXPECT_EQ(get("/promster/explain?target=10.9.9.9:1").status, 404);
}

TEST_F(PageRoutes, AWhatIfThatMakesNoSenseIsABadRequest) {
  EXPECT_EQ(get("/promster/balance?add=2").status, 200);
  EXPECT_EQ(get("/promster/balance?remove=10.0.0.9:9090").status, 400);
  EXPECT_EQ(get("/promster/balance?add=&remove=").status, 200);
}

TEST_F(PageRoutes, WhereNobodySharesNothingWouldMove) {
  Snapshot alone = good_day(3, 60);
  ClusterPicture picture = *alone.cluster;
  picture.sharded = false;
  alone.cluster = std::make_shared<const ClusterPicture>(std::move(picture));
  snapshot_.set(std::move(alone));
  const WebResponse answer = get("/promster/balance?add=2");
  EXPECT_EQ(answer.status, 503);
  EXPECT_TRUE(contains(answer.body, "nothing would move; the targets are not shared"));
}

// The server's thread answers everybody else meanwhile.
TEST_F(PageRoutes, WhatMayBeLongIsFoundOutLater) {
  for (const std::string path :
       {"targets", "explain", "balance", "levels", "history", "reloads", "settings"}) {
    EXPECT_TRUE(router_.handle({.method = "GET", .path = "/promster/" + path}).later) << path;
  }
  EXPECT_FALSE(router_.handle({.method = "GET", .path = "/promster/"}).later);
}

}  // namespace
}  // namespace promster
