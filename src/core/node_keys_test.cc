#include "core/node_keys.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace promster {
namespace {

const std::string kA = "/registry/l1/10.0.0.1:9090";
const std::string kB = "/registry/l1/10.0.0.2:9090";
const std::string kC = "/registry/l1/10.0.0.3:9090";
const std::string kOther = "/registry/l1/eu/10.0.0.4:9090";

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

TEST(NodeKeysTest, ReplacedOnceAllSiblingsNameAnotherRing) {
  Keys keys = three_nodes();
  EXPECT_FALSE(keys.nodes.replaced(kA)) << "it is there";
  keys.gone(kA);
  EXPECT_FALSE(keys.nodes.replaced(kA));
  keys.put(kB, value("r2"));
  EXPECT_FALSE(keys.nodes.replaced(kA));
  keys.put(kC, value(""));
  EXPECT_FALSE(keys.nodes.replaced(kA));
  keys.put(kC, value("r2"));
  EXPECT_TRUE(keys.nodes.replaced(kA));
  EXPECT_FALSE(keys.nodes.replaced(kB)) << "it is there";
  keys.put(kA, value(""));
  EXPECT_FALSE(keys.nodes.replaced(kA)) << "it is back";
}

TEST(NodeKeysTest, WhoIsNoSiblingHasNoSay) {
  Keys keys = three_nodes();
  keys.put(kOther, value("r3")).gone(kA).gone(kC);
  keys.put(kB, value("r1"));
  EXPECT_TRUE(keys.nodes.replaced(kA)) << "whatever those of another folder say";
  EXPECT_TRUE(keys.nodes.replaced(kC));
  keys.gone(kB);
  EXPECT_FALSE(keys.nodes.replaced(kB)) << "nobody is left to take over";
  Keys draining = three_nodes();
  draining.put(kC, value("r3", MemberState::kDraining)).gone(kA).put(kB, value("r1"));
  EXPECT_TRUE(draining.nodes.replaced(kA)) << "who drains takes nothing";
}

// A ring of before that not all had when the key vanished is no answer to it.
TEST(NodeKeysTest, AnOldRingIsNoAnswer) {
  Keys keys = three_nodes();
  keys.put(kB, value("r4")).gone(kA).put(kC, value("r4"));
  EXPECT_FALSE(keys.nodes.replaced(kA));
  keys.put(kB, value("r2")).put(kC, value("r2"));
  EXPECT_TRUE(keys.nodes.replaced(kA));
}

// What was missed while etcd could not be reached.
TEST(NodeKeysTest, AListingMayTellOfBothAtOnce) {
  Keys keys = three_nodes();
  keys.list({{.key = kB, .value = value("r2")}, {.key = kC, .value = value("r2")}});
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
