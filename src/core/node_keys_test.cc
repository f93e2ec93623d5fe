#include "core/node_keys.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/ring.h"

namespace promster {
namespace {

const std::string kA = "/registry/l1/10.0.0.1:9090";
const std::string kB = "/registry/l1/10.0.0.2:9090";
const std::string kC = "/registry/l1/10.0.0.3:9090";
const std::string kOther = "/registry/l1/eu/10.0.0.4:9090";

const std::string kD = "/registry/l1/10.0.0.5:9090";

// What a node says that shares the targets with these.
std::string ring(const std::vector<std::string>& keys) {
  std::vector<std::string> names;
  for (const std::string& key : keys) names.push_back(key.substr(key.rfind('/') + 1));
  return member_set_hash(names) + "-0123456789abcdef";
}

std::string value(const std::string& applied, MemberState state = MemberState::kActive) {
  return render_member_value(
      {.algorithm = kBoundedAlgorithm, .state = state, .applied = applied, .instance = "i"});
}

class Keys {
 public:
  Keys& put(const std::string& key, const std::string& value) {
    const std::vector<KeyChange> changes{{.key = key, .value = value}};
    nodes.change(changes);
    return *this;
  }
  Keys& gone(const std::string& key) {
    const std::vector<KeyChange> changes{{.key = key, .value = std::nullopt}};
    nodes.change(changes);
    return *this;
  }
  Keys& list(const std::vector<KeyValue>& entries) {
    nodes.list({.revision = 1, .entries = entries});
    return *this;
  }
  NodeKeys nodes;
};

Keys three_nodes() {
  Keys keys;
  keys.put(kA, value("r3")).put(kB, value("r3")).put(kC, value("r3"));
  return keys;
}

TEST(NodeKeysTest, OnlyActiveNodesVanish) {
  EXPECT_TRUE(three_nodes().gone(kA).nodes.vanished(kA));
  EXPECT_FALSE(three_nodes().gone(kA).nodes.vanished(kB));
  EXPECT_FALSE(
      three_nodes().put(kA, value("r3", MemberState::kDraining)).gone(kA).nodes.vanished(kA))
      << "it said so";
  EXPECT_FALSE(three_nodes().put(kA, "").gone(kA).nodes.vanished(kA)) << "an original promster";
  EXPECT_FALSE(
      three_nodes().put(kA, R"({"labels": {"promster": "x"}})").gone(kA).nodes.vanished(kA));
  EXPECT_FALSE(three_nodes().put(kA, R"({"promster": "x"})").gone(kA).nodes.vanished(kA));
  EXPECT_FALSE(three_nodes().gone(kA).put(kA, value("")).nodes.vanished(kA)) << "it is back";
  EXPECT_FALSE(three_nodes().gone(kA).put(kA, "").nodes.vanished(kA));
}

TEST(NodeKeysTest, AListingSaysTheSame) {
  Keys keys = three_nodes();
  keys.list({{.key = kB, .value = value("r3")},
             {.key = kC, .value = value("r3", MemberState::kDraining)}});
  EXPECT_TRUE(keys.nodes.vanished(kA));
  EXPECT_FALSE(keys.nodes.vanished(kB));
  keys.list({{.key = kA, .value = value("r3")}});
  EXPECT_FALSE(keys.nodes.vanished(kA));
  EXPECT_TRUE(keys.nodes.vanished(kB));
  EXPECT_FALSE(keys.nodes.vanished(kC));
}

TEST(NodeKeysTest, ReplacedOnceAllSiblingsShareWithoutIt) {
  Keys keys = three_nodes();
  EXPECT_FALSE(keys.nodes.replaced(kA)) << "it is there";
  keys.gone(kA);
  EXPECT_FALSE(keys.nodes.replaced(kA));
  keys.put(kB, value(ring({kB, kC})));
  EXPECT_FALSE(keys.nodes.replaced(kA));
  keys.put(kC, value(""));
  EXPECT_FALSE(keys.nodes.replaced(kA));
  keys.put(kC, value(ring({kB, kC})));
  EXPECT_TRUE(keys.nodes.replaced(kA));
  EXPECT_FALSE(keys.nodes.replaced(kB)) << "it is there";
  keys.put(kA, value(""));
  EXPECT_FALSE(keys.nodes.replaced(kA)) << "it is back";
}

TEST(NodeKeysTest, WhoIsNoSiblingHasNoSay) {
  Keys keys = three_nodes();
  keys.put(kOther, value("r3")).gone(kA).gone(kC);
  keys.put(kB, value(ring({kB})));
  EXPECT_TRUE(keys.nodes.replaced(kA)) << "whatever those of another folder say";
  EXPECT_TRUE(keys.nodes.replaced(kC));
  keys.gone(kB);
  EXPECT_FALSE(keys.nodes.replaced(kB)) << "nobody is left to take over";
}

// Other changes of the ring while the siblings still leave it its share.
TEST(NodeKeysTest, AnotherRingThatKeepsItIsNoAnswer) {
  Keys join = three_nodes();
  join.gone(kA).put(kD, value(""));
  for (const std::string& key : {kB, kC, kD}) join.put(key, value(ring({kA, kB, kC, kD})));
  EXPECT_FALSE(join.nodes.replaced(kA));
  for (const std::string& key : {kB, kC, kD}) join.put(key, value(ring({kB, kC, kD})));
  EXPECT_TRUE(join.nodes.replaced(kA));

  Keys drain = three_nodes();
  drain.gone(kA).put(kC, value("r3", MemberState::kDraining)).put(kB, value(ring({kA, kB})));
  EXPECT_FALSE(drain.nodes.replaced(kA));
  drain.gone(kC);
  EXPECT_FALSE(drain.nodes.replaced(kA));
  drain.put(kB, value(ring({kB})));
  EXPECT_TRUE(drain.nodes.replaced(kA));

  Keys crash = three_nodes();
  crash.put(kD, value("r3")).gone(kA).gone(kB);
  crash.put(kC, value(ring({kA, kC, kD}))).put(kD, value(ring({kA, kC, kD})));
  EXPECT_FALSE(crash.nodes.replaced(kA)) << "they count b's share, not a's";
  crash.put(kC, value(ring({kC, kD}))).put(kD, value(ring({kC, kD})));
  EXPECT_TRUE(crash.nodes.replaced(kA));
  EXPECT_TRUE(crash.nodes.replaced(kB));
}

// What was missed while etcd could not be reached.
TEST(NodeKeysTest, AListingMayTellOfBothAtOnce) {
  Keys keys = three_nodes();
  const std::string both = value(ring({kB, kC}));
  keys.list({{.key = kB, .value = both}, {.key = kC, .value = both}});
  EXPECT_TRUE(keys.nodes.vanished(kA));
  EXPECT_TRUE(keys.nodes.replaced(kA));
}

TEST(NodeKeysTest, ForgetsWhatNobodyHolds) {
  Keys keys = three_nodes();
  keys.gone(kA).gone(kB).nodes.remember({kB});
  EXPECT_FALSE(keys.nodes.vanished(kA));
  EXPECT_TRUE(keys.nodes.vanished(kB));
}

}  // namespace
}  // namespace promster
