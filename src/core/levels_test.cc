#include "core/levels.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace promster {
namespace {

using Names = std::vector<std::string>;

KeyValue node(const std::string& service, const std::string& name, const std::string& scrapes,
              const std::string& base = "/registry") {
  return {.key = member_key(base, service, name),
          .value = render_member_value(
              {.name = name, .algorithm = kBoundedAlgorithm, .scrapes = scrapes})};
}

KeyValue original(const std::string& service, const std::string& name) {
  return {.key = member_key("/registry", service, name)};
}

Levels levels_of(std::vector<KeyValue> entries, const std::string& base = "/registry") {
  return find_levels(base, {.revision = 12, .entries = std::move(entries)});
}

const Level* find(const Levels& levels, const std::string& service) {
  for (const Level& level : levels.levels) {
    if (level.service == service) return &level;
  }
  return nullptr;
}

// "1 a, 1 b, 2 c": depth and service.
std::string order(const Levels& levels) {
  std::string text;
  for (const Level& level : levels.levels) {
    text += (text.empty() ? "" : ", ") + std::to_string(level.depth) + ' ' + level.service;
  }
  return text;
}

TEST(FindLevels, ThreeLevelsOnTopOfEachOther) {
  const Levels levels = levels_of({node("a-top", "10.0.2.1:9090", "/registry/middle"),
                                   node("base", "10.0.0.2:9090", "/webservers"),
                                   node("base", "10.0.0.1:9090", "/webservers"),
                                   node("middle", "10.0.1.1:9090", "/registry/base/")});
  EXPECT_EQ(levels.revision, 12);
  EXPECT_EQ(order(levels), "1 base, 2 middle, 3 a-top");
  const Level& base = levels.levels[0];
  ASSERT_EQ(base.members.size(), 2u);
  EXPECT_EQ(base.members[0].name, "10.0.0.1:9090") << "by name";
  EXPECT_EQ(base.scrapes, (Names{"/webservers"})) << "each once";
  EXPECT_EQ(base.feeds, (Names{"middle"}));
  EXPECT_EQ(levels.levels[1].feeds, (Names{"a-top"})) << "with and without a slash at the end";
  EXPECT_TRUE(levels.levels[2].feeds.empty());
  ASSERT_EQ(levels.sources.size(), 1u);
  EXPECT_EQ(levels.sources[0].prefix, "/webservers");
  EXPECT_EQ(levels.sources[0].feeds, (Names{"base"}));
  EXPECT_EQ(levels.sources[0].targets, std::nullopt);
  EXPECT_TRUE(levels.loops.empty());
}

TEST(FindLevels, ASlashInAServiceIsADash) {
  const Levels levels = levels_of({node("eu/west", "10.0.0.1:9090", "/webservers"),
                                   node("top", "10.0.1.1:9090", "/registry/eu-west/")});
  EXPECT_EQ(order(levels), "1 eu-west, 2 top");
}

TEST(FindLevels, AnOriginalPromsterSaysNotWhatItScrapes) {
  const Levels levels =
      levels_of({original("base", "10.0.0.1:9090"), original("top", "10.0.1.1:9090"),
                 node("top", "10.0.1.2:9090", "/registry/base")});
  EXPECT_EQ(order(levels), "1 base, 2 top") << "one node of a level is enough to tell";
  EXPECT_TRUE(levels.levels[0].scrapes.empty());
  EXPECT_TRUE(levels.levels[0].members[0].algorithm.empty());
  EXPECT_EQ(levels.levels[1].members.size(), 2u);
  EXPECT_EQ(order(levels_of({original("b", "10.0.0.1:9090"), original("a", "10.0.1.1:9090")})),
            "1 a, 1 b");
}

TEST(FindLevels, ALevelThatNamesSeveralPrefixes) {
  const Levels levels = levels_of(
      {node("deep", "10.0.0.1:9090", "/t"), node("flat", "10.0.0.2:9090", "/u"),
       node("mid", "10.0.0.3:9090", "/registry/deep"),
       node("top", "10.0.0.4:9090", "/registry/mid"),
       node("top", "10.0.0.5:9090", "/registry/flat"), node("top", "10.0.0.6:9090", "/u")});
  EXPECT_EQ(order(levels), "1 deep, 1 flat, 2 mid, 3 top") << "above the deepest";
  EXPECT_EQ(find(levels, "top")->scrapes, (Names{"/registry/flat", "/registry/mid", "/u"}));
  EXPECT_EQ(find(levels, "flat")->feeds, (Names{"top"}));
  ASSERT_EQ(levels.sources.size(), 2u);
  EXPECT_EQ(levels.sources[1].prefix, "/u");
  EXPECT_EQ(levels.sources[1].feeds, (Names{"flat", "top"}));
}

TEST(FindLevels, ARawPrefixMayNameSeveralLevelsOrOneNode) {
  const Levels levels = levels_of(
      {node("eu-1", "10.0.0.1:9090", "/t"), node("eu-2", "10.0.0.2:9090", "/t"),
       node("one", "10.0.0.3:9090", "/registry/eu-2/10.0.0.2:9090"),
       node("us", "10.0.0.4:9090", "/t"), node("world", "10.0.0.5:9090", "/registry/eu-")});
  EXPECT_EQ(find(levels, "eu-1")->feeds, (Names{"world"}));
  EXPECT_EQ(find(levels, "eu-2")->feeds, (Names{"one", "world"}));
  EXPECT_TRUE(find(levels, "us")->feeds.empty());
  EXPECT_EQ(find(levels, "one")->depth, 2);
}

TEST(FindLevels, ALevelWithoutNodesIsAPrefix) {
  const Levels levels = levels_of({node("top", "10.0.0.1:9090", "/registry/gone/")});
  EXPECT_EQ(order(levels), "1 top");
  ASSERT_EQ(levels.sources.size(), 1u);
  EXPECT_EQ(levels.sources[0].prefix, "/registry/gone/");
}

TEST(FindLevels, LoopsAreTold) {
  const Levels levels = levels_of({node("a", "10.0.0.1:9090", "/registry/b/"),
                                   node("b", "10.0.0.2:9090", "/registry/c/"),
                                   node("c", "10.0.0.3:9090", "/registry/a/")});
  EXPECT_EQ(levels.loops, (Names{"a scrapes b, which scrapes c, which scrapes a"}));
  EXPECT_EQ(order(levels), "1 c, 2 b, 3 a");
  EXPECT_EQ(find(levels, "a")->feeds, (Names{"c"}));
  EXPECT_EQ(levels_of({node("a", "10.0.0.1:9090", "/registry/")}).loops, (Names{"a scrapes a"}));
}

TEST(FindLevels, WhatIsNoMembersKeyIsLeftOut) {
  const Levels levels = levels_of({{.key = "/registry/10.0.0.1:9090"},
                                   {.key = "/registry/s/deep/10.0.0.2:9090"},
                                   {.key = "/registry/s/no port"},
                                   {.key = "/registry/s/"},
                                   {.key = "/registryx/s/10.0.0.3:9090"},
                                   {.key = "/registry//10.0.0.4:9090"}});
  EXPECT_TRUE(levels.levels.empty());
}

TEST(FindLevels, ABaseIsCleanedAsItsKeysAre) {
  for (const std::string base : {"/fleet/nodes", "/fleet/nodes/", "/fleet//nodes", "/", ""}) {
    const Levels levels = levels_of({node("s", "10.0.0.1:9090", "/t", base)}, base);
    EXPECT_EQ(order(levels), "1 s") << base;
  }
}

// Whatever scrapes whatever: every level is there once, and above all that it scrapes, unless there
// is a loop.
RC_GTEST_PROP(FindLevels, ALevelIsAboveWhatItScrapes, ()) {
  std::vector<KeyValue> entries;
  for (int i = 0; i < 6; ++i) {
    const int below = *rc::gen::inRange(0, 7);
    const std::string scrapes =
        below == 6 ? "/t" : std::string("/registry/s") + std::to_string(below) + '/';
    entries.push_back(node("s" + std::to_string(*rc::gen::inRange(0, 6)),
                           "10.0.0." + std::to_string(i + 1) + ":9090", scrapes));
  }
  const Levels levels = levels_of(entries);
  std::size_t members = 0;
  for (const Level& level : levels.levels) {
    members += level.members.size();
    RC_ASSERT(level.depth >= 1);
    for (const std::string& service : level.feeds) {
      const Level* above = find(levels, service);
      RC_ASSERT(above != nullptr);
      RC_ASSERT(!levels.loops.empty() || above->depth > level.depth);
    }
  }
  RC_ASSERT(members == entries.size());
}

}  // namespace
}  // namespace promster
