// What each view says.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "web/page_markup_for_test.h"
#include "web/page_problems.h"
#include "web/page_snapshots_for_test.h"
#include "web/page_views.h"

namespace promster {
namespace {

const SteadyTime kNow = std::chrono::steady_clock::now();

class PageContent : public testing::Test {
 protected:
  // The rest of the checks look at what `render` makes of this snapshot.
  void show(const Snapshot& snapshot,
            const std::function<std::string(const PageContext&, const Snapshot&)>& render) {
    const Published<Snapshot> published(snapshot);
    const NodeView view = example_view(published);
    html_ = render({.view = view}, snapshot);
  }

  void show_overview(const Snapshot& snapshot) {
    show(snapshot, [](const PageContext& context, const Snapshot& of) {
      return render_overview(context, of, kNow);
    });
  }

  void show_targets(const Snapshot& snapshot, const TargetsQuestion& question) {
    show(snapshot, [&](const PageContext& context, const Snapshot& of) {
      return render_targets(context, of, question, find_targets(of, context.view, question));
    });
  }

  void show_explain(const Snapshot& snapshot, const std::string& target) {
    show(snapshot, [&](const PageContext& context, const Snapshot& of) {
      return render_explain(context, of, target, explain_row(of, context.view, target));
    });
  }

  // The words without the elements, so that a sentence may have links in it.
  bool says(const std::string& words) const {
    return Markup(html_).text.find(words) != std::string::npos;
  }
  bool has(const std::string& markup) const { return html_.find(markup) != std::string::npos; }

  std::string html_;
};

TEST_F(PageContent, AGoodDayIsSaidInOneLine) {
  show_overview(good_day(5, 20));
  EXPECT_TRUE(says("All is well: 5 nodes share 20 targets"));
  EXPECT_FALSE(has("class=\"problems\""));
  EXPECT_TRUE(says("lease: 5 s of 5 s left"));
  EXPECT_TRUE(says("revision 812"));
  EXPECT_TRUE(says(
      "10.0.0.2:9090 left (lease expired or revoked), 4 targets moved, settled here in 1.1 s"));
}

TEST_F(PageContent, ProblemsComeFirstTheWorstOnTopWithTheMend) {
  Snapshot s = bad_day(5, 20);
  s.file_failure = "write sd/targets.json: No space left on device";
  s.draining = true;
  s.algorithm = "legacy";
  show_overview(s);
  EXPECT_TRUE(says("Not ready: 2 problems"));
  const std::vector<PageProblem> problems = find_problems(s, "/webservers/generator", kNow);
  ASSERT_GE(problems.size(), 6u);
  EXPECT_EQ(problems[0].tone, Tone::kBad);
  EXPECT_EQ(problems.back().tone, Tone::kInfo);
  const auto rank = [](const PageProblem& problem) {
    return problem.tone == Tone::kBad ? 0 : problem.tone == Tone::kWarn ? 1 : 2;
  };
  EXPECT_TRUE(std::ranges::is_sorted(problems, {}, rank));
  for (const PageProblem& problem : problems) EXPECT_NE(problem.mend, "") << problem.what;
  EXPECT_LT(html_.find("class=\"problems\""), html_.find("class=\"cards\""));
  EXPECT_TRUE(says("SIGHUP to have it tried again"));
  EXPECT_TRUE(says("the address has a scheme; register host:port"));
}

TEST_F(PageContent, WhatIsOddButWorksIsNoFailure) {
  Snapshot s = good_day(5, 20);
  s.degraded = {"the registry is not watched: no leader"};
  show_overview(s);
  EXPECT_TRUE(says("It works; 1 thing needs a look"));
  EXPECT_TRUE(says("try: etcdctl endpoint health"));
}

// The headline is no better than the cards below it.
TEST_F(PageContent, AllIsWellOnlyWhereEveryCardIs) {
  const auto look = [this](const char* words, Snapshot s) {
    show_overview(s);
    EXPECT_TRUE(says("It works; 1 thing needs a look")) << words;
    EXPECT_TRUE(says(words)) << words;
  };
  look("no targets: there is none below /webservers/generator", good_day(5, 0));
  Snapshot late = good_day(5, 20);
  late.lease_confirmed = kNow - late.lease_ttl * 7 / 10;
  look("the lease is not renewed: 1.5 s of 5 s left", late);
  Snapshot drains = good_day(5, 20);
  drains.members[3].state = MemberState::kDraining;
  look("10.0.0.4:9090 drains: the other nodes take over its targets", drains);
  Snapshot differs = good_day(5, 20);
  differs.members[3].applied = "other";
  look("1 node is not at the same ring as this one yet", differs);
}

TEST_F(PageContent, NobodyAgreesWhereNobodyCanBeHeard) {
  Snapshot s = good_day(5, 20);
  s.members_source.up = false;
  show_overview(s);
  EXPECT_FALSE(says("agree who scrapes what"));
  EXPECT_TRUE(says("as they were last known"));
}

TEST_F(PageContent, OneNodeShares) {
  show_overview(good_day(1, 20));
  EXPECT_TRUE(says("All is well: 1 node shares 20 targets"));
}

TEST_F(PageContent, WhatIsHeldBackSaysWhatItWaitsForAndHowToLetGo) {
  show_overview(bad_day(5, 20));
  EXPECT_TRUE(says("12 targets are gone from etcd"));
  EXPECT_TRUE(says("the key of 10.0.0.3:9090 is gone, but it answers"));
  EXPECT_TRUE(says("down in 2 of 3 scrapes"));
  EXPECT_TRUE(says("These are this node's own; other nodes hold theirs"));
  EXPECT_TRUE(says("promster confirm on each node that holds some"));
  EXPECT_TRUE(says("all 12 held targets"));
  show_overview(good_day(5, 20));
  EXPECT_FALSE(says("promster confirm"));
}

TEST_F(PageContent, EveryNodeHasABarAndALinkToItsTargets) {
  show_overview(bad_day(5, 20));
  const Markup markup(html_);
  EXPECT_EQ(markup.count("svg"), 5u + 1u);  // and the picture of the levels
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_TRUE(has("targets?owner=10.0.0." + std::to_string(i + 1) + "%3A9090"));
  }
  EXPECT_TRUE(says("this node"));
  EXPECT_TRUE(says("draining"));
  EXPECT_TRUE(says("5 nodes"));
  EXPECT_TRUE(says("1 draining, 1 kept"));
}

TEST_F(PageContent, TargetsLinkToOwnerAndToWhy) {
  const Snapshot s = good_day(3, 120);
  show_targets(s, {.query = {.words = "generator"}});
  const std::string owner = s.cluster->sharing.members[s.cluster->sharing.assignment.owners(0)[0]];
  EXPECT_TRUE(says(owner));
  EXPECT_TRUE(has("explain?target=%2Fwebservers%2Fgenerator%2F10.1.0.0%3A3000"));
  EXPECT_TRUE(says("1\u201350 of 120"));
  EXPECT_TRUE(has("rel=\"next\" href=\"targets?offset=50&amp;q=generator\""));
  EXPECT_FALSE(has("rel=\"prev\""));
  EXPECT_EQ(Markup(html_).values("input", "value"),
            (std::vector<std::string>{"generator", "generator"}));
}

TEST_F(PageContent, TheLastPageHasOnlyAWayBack) {
  show_targets(good_day(3, 120), {.query = {.offset = 100}});
  EXPECT_TRUE(says("101\u2013120 of 120"));
  EXPECT_TRUE(has("rel=\"prev\" href=\"targets?offset=50\""));
  EXPECT_FALSE(has("rel=\"next\""));
}

TEST_F(PageContent, EmptyListsSayWhy) {
  show_targets(good_day(3, 0), {});
  EXPECT_TRUE(says("no keys below /webservers/generator at revision 812"));
  show_targets(good_day(3, 5), {.query = {.words = "nowhere"}});
  EXPECT_TRUE(says("none of the 5 targets matches"));
  show(Snapshot{}, render_reloads);
  EXPECT_TRUE(says("Targets never cause a reload"));
  show(Snapshot{},
       [](const auto& context, const auto& s) { return render_history(context, s, 0); });
  EXPECT_TRUE(says("Nothing changed since this run began"));
  show(Snapshot{}, [](const auto& context, const auto& s) {
    return render_levels(context, s, Error{"list /registry: no leader"});
  });
  EXPECT_TRUE(says("list /registry: no leader"));
}

TEST_F(PageContent, ExplainNamesOwnerHeirAndWhy) {
  const Snapshot s = good_day(5, 20);
  show_explain(s, "10.1.0.1:3000");
  const auto index = s.cluster->find("10.1.0.1:3000");
  ASSERT_TRUE(index);
  const std::string owner =
      s.cluster->sharing.members[s.cluster->sharing.assignment.owners(*index)[0]];
  EXPECT_TRUE(says("If " + owner + " dies"));
  EXPECT_TRUE(says("has the highest score"));
  EXPECT_TRUE(has("http://" + owner + "/classic/targets"));
  EXPECT_TRUE(has("http://" + owner + "/targets\""));
  EXPECT_EQ(Markup(html_).count("svg"), 5u);
  show_explain(s, "10.9.9.9:1");
  EXPECT_TRUE(says("search for 10.9.9.9:1"));
}

TEST_F(PageContent, WhatIfShowsBeforeAndAfter) {
  show(good_day(5, 20), [](const PageContext& context, const Snapshot& s) {
    return render_balance(context, s,
                          {.add = "1",
                           .remove = "10.0.0.2:9090",
                           .answer = simulate_change(s, {.add = 1, .remove = {"10.0.0.2:9090"}})});
  });
  EXPECT_TRUE(says("new-1:9090"));
  EXPECT_TRUE(says("comes"));
  EXPECT_TRUE(says("goes"));
  EXPECT_TRUE(says("targets that move"));
  EXPECT_TRUE(has("name=\"remove\" value=\"10.0.0.2:9090\""));
}

TEST_F(PageContent, WhatIfSaysWhatIsWrongWithTheQuestion) {
  show(good_day(5, 20), [](const PageContext& context, const Snapshot& s) {
    return render_balance(context, s,
                          {.remove = "nope", .answer = simulate_change(s, {.remove = {"nope"}})});
  });
  EXPECT_TRUE(says("is no member"));
  EXPECT_NE(html_.find("<p class=\"mend\">try: one of the members</p>"), std::string::npos)
      << html_;
}

TEST_F(PageContent, LevelsAreDrawnWithTheStateOfEachNode) {
  show(good_day(5, 20), [](const auto& context, const auto& s) {
    return render_levels(context, s, three_levels());
  });
  const Markup markup(html_);
  EXPECT_TRUE(says("10.0.0.2:9090: draining"));
  EXPECT_TRUE(says("10.0.1.2:9090: down"));
  EXPECT_TRUE(says("10.0.0.5:9090: active, legacy ring"));
  std::size_t edges = 0;
  for (const std::string& kind : markup.values("path", "class")) edges += kind == "edge";
  EXPECT_EQ(edges, 3u);
  EXPECT_TRUE(says("nobody: the top"));
}

TEST_F(PageContent, ARefusedReloadIsOpenWithItsWords) {
  show(bad_day(5, 20), render_reloads);
  const Markup markup(html_);
  EXPECT_EQ(markup.values("details", "open").size(), 1u);
  EXPECT_TRUE(says("rejected by promtool"));
  EXPECT_TRUE(says("unclosed left parenthesis"));
  EXPECT_TRUE(has("<span class=\"add\">+    expr: sum(rate(x[5m])</span>"));
}

TEST_F(PageContent, SettingsShowSourcesAndRulesInBothForms) {
  show(good_day(5, 20), render_settings);
  EXPECT_TRUE(says("SCRAPE_INTERVAL"));
  EXPECT_TRUE(says("sum(rate(x[5m]))"));
  EXPECT_TRUE(says("sum((rate(x[5m]) unless on (job, instance) promster_foreign_target))"));
  EXPECT_TRUE(says("&lt;secret&gt;"));
  EXPECT_TRUE(says("TargetDown"));
  EXPECT_TRUE(has("<td>5m</td>"));
  EXPECT_TRUE(says("(up unless on (job, instance) promster_foreign_target) == 0"));
}

TEST(MendOf, KnowsWhatTheReconcilerSays) {
  EXPECT_NE(mend_of("Prometheus is not ready: connection refused"), "");
  EXPECT_EQ(mend_of("something else"), "");
}

}  // namespace
}  // namespace promster
