// The views as documents: well-formed, reachable by relative links, safe against hostile names,
// and with something to say where they are empty.
#include "web/page_views.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "web/gzip.h"
#include "web/page_markup_for_test.h"
#include "web/page_snapshots_for_test.h"

namespace promster {
namespace {

const SteadyTime kNow = std::chrono::steady_clock::now();

struct NamedView {
  std::string name, html;
};

WhatIf asked(const Snapshot& snapshot, std::string add, std::string remove) {
  WhatIf what_if{.add = std::move(add), .remove = std::move(remove)};
  const auto question = read_simulation_question(what_if.add, what_if.remove);
  if (question) {
    what_if.answer = simulate_change(snapshot, *question);
  } else {
    what_if.answer = Result<SimulatedChange>(question.error());
  }
  return what_if;
}

std::string targets_view(const PageContext& context, const Snapshot& snapshot,
                         const TargetsQuestion& question) {
  return render_targets(context, snapshot, question,
                        find_targets(snapshot, context.view, question));
}

std::string explain_view(const PageContext& context, const Snapshot& snapshot,
                         const std::string& target) {
  return render_explain(context, snapshot, target, explain_row(snapshot, context.view, target));
}

// Each view of a snapshot, in each of its forms.
std::vector<NamedView> all_views(const Snapshot& s, const std::string& word = "") {
  const Published<Snapshot> published(s);
  const NodeView view = example_view(published);
  const PageContext context{.view = view, .style = "assets/s.css", .script = "assets/a.js"};
  std::vector<NamedView> views{
      {"overview", render_overview(context, s, kNow)},
      {"targets", targets_view(context, s, {.query = {.words = word, .owner = word}})},
      {"targets", targets_view(context, s, {.query = {.limit = 5}})},
      {"targets", targets_view(context, s, {.filter = TargetFilter::kHeld})},
      {"targets", targets_view(context, s, {.filter = TargetFilter::kRejected})},
      {"explain", explain_view(context, s, "10.1.0.1:3000")},
      {"explain", explain_view(context, s, word)},
      {"balance", render_balance(context, s, {})},
      {"balance", render_balance(context, s, asked(s, "1", "10.0.0.2:9090"))},
      {"balance", render_balance(context, s, asked(s, word, word))},
      {"levels", render_levels(context, s, three_levels())},
      {"levels", render_levels(context, s, LevelsSeen{})},
      {"levels", render_levels(context, s, Error{"etcd: " + word})},
      {"history", render_history(context, s, 0)},
      {"history", render_history(context, s, 5000)},
      {"reloads", render_reloads(context, s)},
      {"settings", render_settings(context, s)}};
  return views;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

// What holds of every document: the rules of the policy, and those of people with other eyes.
void check_document(const NamedView& view) {
  SCOPED_TRACE(view.name);
  const Markup markup(view.html);
  EXPECT_EQ(markup.error, "");
  for (const char* once : {"h1", "main", "header", "footer", "html"}) {
    EXPECT_EQ(markup.count(once), 1u) << once;
  }
  EXPECT_EQ(markup.values("main", "data-view"), std::vector<std::string>{view.name});
  EXPECT_EQ(markup.values("a", "aria-current").size(), 1u);
  EXPECT_EQ(markup.values("*", "style"), std::vector<std::string>{});
  EXPECT_EQ(markup.count("style"), 0u);
  EXPECT_EQ(markup.values("script", "src").size(), markup.count("script"));
  EXPECT_EQ(markup.count("caption"), markup.count("table"));
  EXPECT_EQ(markup.values("th", "scope").size(), markup.count("th"));
  const auto ids = markup.values("*", "id");
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
}

// Below a prefix only what does not start with a slash leads anywhere.
void check_links(const NamedView& view) {
  SCOPED_TRACE(view.name);
  const Markup markup(view.html);
  for (const char* attribute : {"href", "src", "action"}) {
    for (const std::string& url : markup.values("*", attribute)) {
      EXPECT_FALSE(url.starts_with('/')) << url;
      EXPECT_TRUE(!contains(url.substr(0, url.find('?')), ":") || url.starts_with("http://"))
          << url;
    }
  }
}

TEST(PageViews, AreWellFormedWhateverTheDay) {
  for (const Snapshot& snapshot : {good_day(5, 20), bad_day(5, 20), bad_day(1, 1), Snapshot{}}) {
    for (const NamedView& view : all_views(snapshot)) {
      check_document(view);
      check_links(view);
    }
  }
}

// Every word that comes from outside.
Snapshot hostile_day(const std::string& word) {
  Snapshot s = bad_day(3, 5);
  s.node = s.service = s.prometheus_version = s.registration_reason = word;
  s.missing = s.degraded = {word};
  s.targets_source.reason = s.members_source.reason = word;
  for (Member& member : s.members) member.algorithm = member.web = member.version = word;
  s.members.push_back({.name = word});
  s.held_targets.push_back({.address = word, .key = word});
  s.kept_members.push_back({.name = word});
  s.rejected_examples.push_back({.key = word, .code = "label", .reason = word});
  ClusterPicture picture = *s.cluster;
  const Target target{.key = word, .address = word, .labels = {{word, word}}};
  const Target* pointer = &target;
  picture.targets = TargetTable({&pointer, 1});
  picture.sharing.members = {word};
  picture.sharing.assignment = assign(picture.shard_targets(), picture.sharing.members, {});
  picture.load = {1};
  s.cluster = std::make_shared<const ClusterPicture>(picture);
  ClusterChange change = example_change();
  change.members[0].member = change.members[0].reason = word;
  change.moves = {{word, word, 1}};
  change.examples = {{word, word, word}};
  s.changes = std::make_shared<History::Changes>(
      History::Changes{std::make_shared<const ClusterChange>(change)});
  ReloadRecord reload = refused_reload();
  reload.words = reload.diff = reload.who = word;
  s.reload_log = std::make_shared<History::Reloads>(
      History::Reloads{std::make_shared<const ReloadRecord>(reload)});
  s.files = {{.name = word, .content = std::make_shared<const std::string>(word)}};
  return s;
}

std::size_t elements_of(const std::string& html) {
  return Markup(html).elements.size();
}

TEST(PageViews, HostileWordsAddNoElement) {
  const std::string hostile = "<b onclick=\"x\">'&</script><script>alert(1)</script>";
  // As long, so that what is cut is cut alike.
  const std::string tame(hostile.size(), 'x');
  const auto bad = all_views(hostile_day(hostile), hostile);
  const auto good = all_views(hostile_day(tame), tame);
  ASSERT_EQ(bad.size(), good.size());
  for (std::size_t i = 0; i < bad.size(); ++i) {
    check_document(bad[i]);
    EXPECT_EQ(elements_of(bad[i].html), elements_of(good[i].html)) << bad[i].name;
    for (const std::string part : {"<b onclick", "<script>", " onclick=\"x\""}) {
      EXPECT_FALSE(contains(bad[i].html, part)) << bad[i].name << ": " << part;
    }
  }
}

// A node says itself where its page is: nothing but the web may be linked.
TEST(PageViews, ANodeCannotLinkToAScript) {
  const Snapshot s = good_day(1, 1);
  const Published<Snapshot> published(s);
  const NodeView view = example_view(published);
  LevelsSeen seen = three_levels();
  seen.levels.levels[0].members[0].web = "javascript:alert(1)";
  const std::string html = render_levels({.view = view}, s, seen);
  EXPECT_FALSE(contains(html, "javascript:"));
  EXPECT_TRUE(contains(html, "href=\"http://10.0.0.2:9090\""));
}

TEST(PageViews, TheFilesOfThePageAreThereOnlyWhereTheyAreNamed) {
  const Snapshot s = good_day(1, 1);
  const Published<Snapshot> published(s);
  const NodeView view = example_view(published);
  const Markup bare(render_settings({.view = view}, s));
  EXPECT_EQ(bare.count("script") + bare.count("link"), 0u);
  const Markup full(render_settings({.view = view, .style = "s.css", .script = "a.js"}, s));
  EXPECT_EQ(full.values("script", "src"), std::vector<std::string>{"a.js"});
  EXPECT_EQ(full.values("link", "href"), std::vector<std::string>{"s.css"});
}

// One answer of a node with 50 nodes has to be small enough for the budget of the page.
TEST(PageViews, TheOverviewOf50NodesIsSmall) {
  const Snapshot s = bad_day(50, 1000);
  const Published<Snapshot> published(s);
  const NodeView view = example_view(published);
  EXPECT_LT(gzip(render_overview({.view = view}, s, kNow)).size(), 8000u);
}

}  // namespace
}  // namespace promster
