#include "core/read_targets.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "core/render.h"

namespace promster {
namespace {

using Said = std::set<std::pair<std::string, Labels>>;

Said said(const std::vector<Target>& targets) {
  Said result;
  for (const Target& target : targets) result.emplace(target.address, target.labels);
  return result;
}

RC_GTEST_PROP(ReadTargets, ReadsWhatWasRendered,
              (const std::vector<std::pair<std::uint8_t, std::uint8_t>>& pairs)) {
  std::vector<Target> targets;
  for (const auto& [host, label] : pairs) {
    targets.push_back({.key = "k",
                       .address = "10.0.0." + std::to_string(host) + ":80",
                       .labels = {{"prsn", "a\"" + std::to_string(label % 4)}}});
  }
  std::vector<const Target*> pointers;
  for (const Target& target : targets) pointers.push_back(&target);
  RC_ASSERT(said(read_targets_json(render_targets_json(pointers))) == said(targets));
}

TEST(ReadTargets, WhatIsNoTargetFileHasNone) {
  for (const char* text : {"", "null", "[]", "{}", "[1]", "[{\"targets\": 1}]",
                           "[{\"targets\": [1]}]", "[{\"targets\": [\"a:1\""}) {
    EXPECT_TRUE(read_targets_json(text).empty()) << text;
  }
  EXPECT_EQ(read_targets_json(R"([{"targets": ["a:1"], "labels": 3}])").size(), 1u);
}

}  // namespace
}  // namespace promster
