// `promster simulate` and `promster explain` as a user runs them, from a real etcd.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/file.h"
#include "base/process.h"
#include "cluster/etcd_server.h"
#include "cluster/temp_dir.h"
#include "etcd/client.h"

namespace promster {
namespace {

using Json = nlohmann::json;
using Strings = std::vector<std::string>;

constexpr Duration kPatience{30'000};
constexpr const char* kBounded = R"({"promster": {"algorithm": "bounded-1"}})";
constexpr const char* kDraining =
    R"({"promster": {"algorithm": "bounded-1", "state": "draining"}})";

struct Ran {
  int exit_code = -1;
  std::string text;  // standard output and error
  Json json() const { return Json::parse(text, nullptr, false); }
};

class WhatIfTest : public testing::Test {
 protected:
  void SetUp() override {
    auto server = EtcdServer::start({.dir = dir_.path()});
    ASSERT_TRUE(server.ok()) << server.error().message;
    etcd_.emplace(std::move(*server));
    client_ = make_etcd_client({.settings = {.endpoints = {etcd_->endpoint()}}});
    for (int i = 1; i <= 24; ++i) put("/webservers/generator/" + target(i), "");
  }

  void put(const std::string& key, const std::string& value) {
    ASSERT_TRUE(client_->put(key, value, 0).ok());
  }
  void put_member(const std::string& name, const std::string& value) {
    put("/registry/prom-level1/" + name, value);
  }
  static std::string target(int i) { return "10.1.0." + std::to_string(i) + ":3000"; }

  Ran run(Strings arguments) {
    const std::string output = dir_.file("output");
    std::filesystem::remove(output);
    arguments.insert(arguments.begin(), PROMSTER_BINARY);
    auto process = Process::start({.argv = arguments,
                                   .environment = {{"REGISTRY_ETCD_URL", etcd_->endpoint()},
                                                   {"REGISTRY_SERVICE", "prom-level1"},
                                                   {"SCRAPE_ETCD_PATH", "/webservers/"}},
                                   .output_path = output});
    EXPECT_TRUE(process.ok());
    const auto status = process->wait(kPatience);
    EXPECT_TRUE(status.has_value()) << "still runs";
    const auto text = read_file(output);
    return {status ? status->code : -1, text ? *text : ""};
  }

  TempDir dir_ = *TempDir::make("what-if");
  std::optional<EtcdServer> etcd_;
  std::unique_ptr<Etcd> client_;
};

TEST_F(WhatIfTest, AnOriginalAmongTheMembersMeansItsRing) {
  put_member("10.0.0.1:9090", kBounded);
  put_member("10.0.0.2:9090", "");
  put_member("10.0.0.3:9090", kBounded);
  const Ran ran = run({"simulate", "-o", "json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.text;
  EXPECT_EQ(ran.json()["algorithm"], "legacy");
  const std::string owners = "313232121333232132212213";  // compat.md 8
  for (int i = 1; i <= 24; ++i) {
    const std::string owner =
        std::string("10.0.0.") + owners[static_cast<std::size_t>(i - 1)] + ":9090";
    EXPECT_EQ(ran.json()["owners"][target(i)], Json({owner})) << i;
  }
  EXPECT_EQ(run({"explain", target(2), "-o", "json"}).json()["owner"], "10.0.0.1:9090");
  const Ran bounded = run({"simulate", "-o", "json", "--shard.algorithm=bounded"});
  EXPECT_EQ(bounded.json()["algorithm"], "bounded");
}

TEST_F(WhatIfTest, ExplainAndSimulateAgreeOnTheNextOwner) {
  for (int i = 1; i <= 4; ++i) put_member("10.0.0." + std::to_string(i) + ":9090", kBounded);
  put_member("10.0.0.5:9090", kDraining);
  const Json now = run({"simulate", "-o", "json"}).json();
  EXPECT_EQ(now["algorithm"], "bounded");
  EXPECT_EQ(now["load"].size(), 4U) << "one that drains shares nothing";
  const Json told = run({"explain", target(7), "-o", "json"}).json();
  ASSERT_EQ(told["owners"], now["owners"][target(7)]);
  EXPECT_EQ(told["key"], "/webservers/generator/" + target(7));
  ASSERT_EQ(told["scores"].size(), 4U);
  const std::string owner = told["owner"];
  const Json then = run({"simulate", "-o", "json", "--leave=" + owner}).json();
  EXPECT_EQ(then["owners"][target(7)], Json({told["next_owner"]}));
  EXPECT_EQ(then["owners"][target(7)], told["without"][owner]);
  const Ran table = run({"explain", "/webservers/generator/" + target(7)});
  EXPECT_EQ(table.exit_code, 0);
  EXPECT_NE(table.text.find("owner       " + owner), std::string::npos) << table.text;
}

TEST_F(WhatIfTest, MadeUpMembersForTheTargetsOfEtcd) {
  const Json told = run({"simulate", "--members=3", "-o", "json"}).json();
  EXPECT_EQ(told["owners"].size(), 24U);
  EXPECT_EQ(told["load"].size(), 3U);
}

TEST_F(WhatIfTest, TargetsOfOneAddressKeepApart) {
  put("/webservers/other/" + target(1), "");
  put_member("10.0.0.1:9090", kBounded);
  const Json told = run({"simulate", "-o", "json"}).json();
  EXPECT_EQ(told["owners"].size(), 25U);
  EXPECT_EQ(told["owners"].count("/webservers/other/" + target(1)), 1U);
  const Json explained = run({"explain", target(1), "-o", "json"}).json();
  EXPECT_EQ(explained["also"], Json({"/webservers/other/" + target(1)}));
  EXPECT_EQ(explained["next_owner"], nullptr);
}

TEST_F(WhatIfTest, WhatCannotBeExplainedIsSaid) {
  EXPECT_NE(run({"explain", target(1)})
                .text.find("promster: nobody scrapes anything; no node is registered below "
                           "/registry/prom-level1/"),
            std::string::npos);
  put_member("10.0.0.1:9090", kBounded);
  put("/webservers/generator/169.254.169.254:80", "");
  const Ran denied = run({"explain", "169.254.169.254:80"});
  EXPECT_EQ(denied.exit_code, 1);
  EXPECT_NE(denied.text.find("--scrape.deny-cidr"), std::string::npos) << denied.text;
  const Ran slip = run({"explain", "10.1.0.99:3000"});
  EXPECT_EQ(slip.exit_code, 1);
  EXPECT_NE(slip.text.find("did you mean 10.1.0."), std::string::npos) << slip.text;
  EXPECT_EQ(run({"explain"}).exit_code, 2);
  EXPECT_EQ(run({"explain", target(1), "--scrape.shard=false"}).exit_code, 2);
  etcd_->kill();
  const Ran dead = run({"explain", target(1)});
  EXPECT_EQ(dead.exit_code, 1);
  EXPECT_NE(dead.text.find("try: promster check"), std::string::npos) << dead.text;
}

}  // namespace
}  // namespace promster
