#include "agent/levels_reader.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "cluster/etcd_server.h"
#include "cluster/temp_dir.h"
#include "core/keyspace.h"
#include "etcd/client.h"
#include "prom/stub_server_for_test.h"

namespace promster {
namespace {

// A real etcd, and nodes that are only keys and, some of them, a server that answers.
class LevelsReader : public ::testing::Test {
 protected:
  LevelsReader()
      : dir_(TempDir::make("levels-test").value()),
        etcd_(EtcdServer::start({.dir = dir_.path()}).value()),
        client_(make_etcd_client({.settings = {.endpoints = {etcd_.endpoint()}}})) {}

  LevelsReaderOptions options() const {
    LevelsReaderOptions options;
    options.registry.etcd.endpoints = {etcd_.endpoint()};
    options.registry.service = "first";
    options.scrape.endpoints = {etcd_.endpoint()};
    return options;
  }

  void put(const std::string& key, const std::string& value = "") {
    ASSERT_TRUE(client_->put(key, value, 0));
  }
  void put_node(const std::string& service, const std::string& name, const std::string& scrapes,
                const std::string& web = "") {
    put(member_key("/registry", service, name), render_member_value({.name = name,
                                                                     .algorithm = kBoundedAlgorithm,
                                                                     .applied = {},
                                                                     .instance = {},
                                                                     .scrapes = scrapes,
                                                                     .web = web,
                                                                     .version = {}}));
  }

  static std::string name_of(const StubServer& server) { return server.url().substr(7); }

  TempDir dir_;
  EtcdServer etcd_;
  std::unique_ptr<Etcd> client_;
  StubServer alive_{[](const StubServer::Request&) { return StubServer::response(503, ""); }};
};

TEST_F(LevelsReader, FindsTheLevelsAndCountsWhatTheLowestScrapes) {
  for (int i = 0; i < 7; ++i) put("/t/app/10.0.0." + std::to_string(i) + ":80");
  put("/tests/app/10.0.1.1:80");
  put_node("first", name_of(alive_), "/t/");
  put_node("second", "127.0.0.1:1", "/registry/first");
  const auto seen = read_levels(options());
  ASSERT_TRUE(seen) << seen.error().message;
  ASSERT_EQ(seen->levels.levels.size(), 2u);
  EXPECT_EQ(seen->levels.levels[0].service, "first");
  EXPECT_EQ(seen->levels.levels[1].depth, 2);
  ASSERT_EQ(seen->levels.sources.size(), 1u);
  EXPECT_EQ(seen->levels.sources[0].prefix, "/t/");
  EXPECT_EQ(seen->levels.sources[0].targets, 7u);
  EXPECT_EQ(seen->silent, std::set<std::string>{"127.0.0.1:1"}) << "a 503 is an answer";
}

TEST_F(LevelsReader, APageThatDoesNotAnswerMakesANodeSilentWhereItIsOnItsHost) {
  StubServer second([](const StubServer::Request&) { return StubServer::response(200, ""); });
  put_node("first", name_of(alive_), "/t", "http://127.0.0.1:1/promster");
  put_node("first", name_of(second), "/t", "http://127.0.0.2:1");
  const auto seen = read_levels(options());
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(seen->silent, std::set<std::string>{name_of(alive_)});
}

TEST_F(LevelsReader, ListsInPagesUpToALimit) {
  for (int i = 0; i < 1200; ++i) {
    put("/registry/first/10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250) + ":x");
  }
  put_node("zoo", name_of(alive_), "/t");
  LevelsReaderOptions few = options();
  auto seen = read_levels(few);
  ASSERT_TRUE(seen) << seen.error().message;
  ASSERT_EQ(seen->levels.levels.size(), 1u) << "behind a page of keys that are no member's";
  EXPECT_EQ(seen->levels.levels[0].service, "zoo");
  few.most_members = 1000;
  seen = read_levels(few);
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().message,
            "list /registry/: more than 1000 keys; try: a base of its own (--registry.etcd-base)");
}

TEST_F(LevelsReader, AnEtcdThatIsSilentIsWaitedForNoLonger) {
  etcd_.pause();
  LevelsReaderOptions hasty = options();
  hasty.etcd_time = Duration(300);
  const auto started = std::chrono::steady_clock::now();
  const auto seen = read_levels(hasty);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(3));
  etcd_.resume();
  ASSERT_FALSE(seen);
  EXPECT_NE(seen.error().message.find("no answer within 300ms"), std::string::npos)
      << seen.error().message;
}

TEST_F(LevelsReader, AQuestionSoonAfterAnotherGetsTheSameAnswer) {
  put_node("first", name_of(alive_), "/t");
  LevelsReaderOptions patient = options();
  patient.keep = std::chrono::hours(1);
  const ReadLevels remembering = levels_reader(patient);
  patient.keep = Duration(0);
  const ReadLevels forgetting = levels_reader(patient);
  ASSERT_EQ(remembering()->levels.levels.size(), 1u);
  ASSERT_EQ(forgetting()->levels.levels.size(), 1u);
  put_node("other", name_of(alive_), "/t");
  EXPECT_EQ(remembering()->levels.levels.size(), 1u);
  EXPECT_EQ(forgetting()->levels.levels.size(), 2u);
}

TEST_F(LevelsReader, AnErrorIsGivenAgain) {
  LevelsReaderOptions hasty = options();
  hasty.etcd_time = Duration(300);
  hasty.keep = std::chrono::hours(1);
  const ReadLevels remembering = levels_reader(hasty);
  etcd_.pause();
  ASSERT_FALSE(remembering());
  etcd_.resume();
  EXPECT_FALSE(remembering());
}

TEST_F(LevelsReader, NoMoreNodesAreAskedThanAllowed) {
  put_node("first", "127.0.0.1:1", "/t");
  put_node("first", "127.0.0.1:2", "/t");
  put_node("second", "127.0.0.1:3", "/registry/first");
  LevelsReaderOptions few = options();
  few.most_probes = 2;
  const auto seen = read_levels(few);
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(seen->silent, (std::set<std::string>{"127.0.0.1:1", "127.0.0.1:2"}));
}

}  // namespace
}  // namespace promster
