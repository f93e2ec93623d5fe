#include "core/yaml_tree.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace promster {
namespace {

using Kind = YamlTree::Kind;

std::string rewritten(const std::string& text) {
  const auto tree = read_yaml(text);
  return tree ? write_yaml(*tree) : tree.error().message;
}

std::string fault(const std::string& text) {
  const auto tree = read_yaml(text);
  return tree ? "" : tree.error().message;
}

TEST(YamlTree, APlainScalarStaysPlainAndAQuotedOneQuoted) {
  EXPECT_EQ(rewritten("a: yes\nb: 'yes'\nc: 1e3\nd: \"1e3\"\ne: 0777\nf: ~\ng: .5\nh: 12:30"),
            "a: yes\nb: \"yes\"\nc: 1e3\nd: \"1e3\"\ne: 0777\nf: ~\ng: .5\nh: 12:30\n");
  EXPECT_EQ(rewritten("a: |\n  x: 1\n  y\nb: >-\n  u\n  v\nc: ''"),
            "a: \"x: 1\\ny\\n\"\nb: \"u v\"\nc: \"\"\n");
  EXPECT_EQ(rewritten("{a: [1, {b: c}], d: [], e: {}}"),
            "a:\n  - 1\n  - b: c\nd:\n  []\ne:\n  {}\n");
  EXPECT_EQ(rewritten("a: $1:$2, {{ x }}"), "a: $1:$2, {{ x }}\n");
}

TEST(YamlTree, AliasesAndMergeKeysAreUnfolded) {
  EXPECT_EQ(rewritten("a: &x {p: 1, q: 2}\nb: *x\nc:\n  <<: *x\n  q: 3"),
            "a:\n  p: 1\n  q: 2\nb:\n  p: 1\n  q: 2\nc:\n  q: 3\n  p: 1\n");
  EXPECT_EQ(rewritten("a:\n  <<: [{p: 1}, {p: 2, q: 3}]\n  \"<<\": 4"),
            "a:\n  \"<<\": 4\n  p: 1\n  q: 3\n");
}

TEST(YamlTree, WhatCannotBeKeptIsRefusedWithItsLine) {
  EXPECT_EQ(fault("a: 1\nb: 2\na: 3"), "line 3: \"a\" is there twice, also in line 1");
  EXPECT_EQ(fault("a: 1\n---\nb: 2").substr(0, 7), "line 3:");
  EXPECT_NE(fault("a: 1\n---\nb: 2").find("a second document"), std::string::npos);
  EXPECT_NE(fault("a:\n  b: !!int '3'").find("line 2: the tag"), std::string::npos);
  EXPECT_NE(fault("a: [\nb: 2").find("line "), std::string::npos);
  EXPECT_EQ(fault("? [a]\n: 1"), "line 1: a key that is no text");
  EXPECT_EQ(fault("a: \xff"), "is not UTF-8");
  EXPECT_EQ(fault("a:\n  <<: 3"), "line 2: << of what is no map");
}

TEST(YamlTree, WhatUnfoldsWithoutEndIsRefused) {
  EXPECT_NE(fault("a: &a [*a]").find("line "), std::string::npos);
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += (j == 0 ? "" : ", ") + last;
    bomb += "]\n";
  }
  EXPECT_NE(fault(bomb).find("more than 200,000"), std::string::npos);
}

TEST(YamlTree, SameKnowsOrderOfListsOnly) {
  const auto tree = [](const char* text) { return read_yaml(text).value(); };
  EXPECT_TRUE(tree("{a: 1, b: 2}").same(tree("{b: 2, a: 1}")));
  EXPECT_FALSE(tree("[a, b]").same(tree("[b, a]")));
  EXPECT_FALSE(tree("a: 1").same(tree("a: '1'")));
  EXPECT_FALSE(tree("a: 1").same(tree("b: 1")));
}

// Texts of the kind that configurations have, and of the kind that break emitters.
rc::Gen<YamlTree> tree_of(int depth) {
  const auto text = rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("ab:#-' \"\\{}[],&*!|>%@`~?=<\n\t.019eyns\x7f")));
  const auto scalar =
      rc::gen::map(text, [](std::string s) { return YamlTree::scalar(std::move(s)); });
  const auto plain = rc::gen::map(
      rc::gen::element<std::string>("yes", "no", "1e3", "0x1f", "0777", "1", "-2", "on", ".inf",
                                    "5m", "a-b", "12:30", "true", "=", "http://x:1/y", "a b"),
      [](std::string s) { return YamlTree{.kind = Kind::kScalar, .text = std::move(s)}; });
  if (depth == 0) return rc::gen::oneOf(scalar, plain, rc::gen::just(YamlTree()));
  const auto list = rc::gen::map(rc::gen::container<std::vector<YamlTree>>(tree_of(depth - 1)),
                                 [](std::vector<YamlTree> items) {
                                   return YamlTree{.kind = Kind::kList, .list = std::move(items)};
                                 });
  const auto map =
      rc::gen::map(rc::gen::container<std::map<std::string, YamlTree>>(text, tree_of(depth - 1)),
                   [](const std::map<std::string, YamlTree>& entries) {
                     YamlTree tree{.kind = Kind::kMap};
                     for (const auto& [key, value] : entries)
                       tree.map.emplace_back(YamlTree::scalar(key), value);
                     return tree;
                   });
  return rc::gen::oneOf(scalar, plain, list, map);
}

RC_GTEST_PROP(YamlTree, ReadsBackWhatItWrote, ()) {
  const YamlTree tree = *rc::gen::resize(12, tree_of(3));
  const std::string text = write_yaml(tree);
  const auto again = read_yaml(text);
  RC_LOG() << text;
  RC_ASSERT(again.ok());
  RC_ASSERT(again->same(tree));
  RC_ASSERT(write_yaml(*again) == text);
}

}  // namespace
}  // namespace promster
