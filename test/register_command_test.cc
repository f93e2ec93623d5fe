// `promster register` as a user runs it, against a real etcd.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <map>
#include <optional>

#include "base/file.h"
#include "base/process.h"
#include "cluster/etcd_server.h"
#include "cluster/generator.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "etcd/client.h"

namespace promster {
namespace {

using std::chrono::seconds;
using Strings = std::vector<std::string>;

class RegisterCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    auto dir = TempDir::make("promster-register-test");
    ASSERT_TRUE(dir);
    dir_.emplace(std::move(*dir));
    auto etcd = EtcdServer::start({.dir = dir_->path()});
    ASSERT_TRUE(etcd) << etcd.error().message;
    etcd_.emplace(std::move(*etcd));
    client_ = make_etcd_client({.settings = {.endpoints = {etcd_->endpoint()}}});
  }

  Result<Process> start(const Strings& arguments) {
    Strings argv{PROMSTER_BINARY, "register"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return Process::start({.argv = argv,
                           .environment = {{"SCRAPE_ETCD_URL", etcd_->endpoint()},
                                           {"SCRAPE_ETCD_PATH", "/webservers"}},
                           .output_path = dir_->file("output")});
  }

  // Runs it to its end, which is to come by itself.
  int exit_code(const Strings& arguments) {
    auto process = start(arguments);
    if (!process) return -1;
    const auto ended = process->wait(seconds(15));
    return ended ? ended->code : -2;
  }

  std::map<std::string, std::string> entries() {
    std::map<std::string, std::string> entries;
    const auto range = client_->range({.prefix = "/webservers/"});
    for (std::size_t i = 0; range && i < range->entries.size(); ++i) {
      entries[range->entries[i].key] = range->entries[i].value;
    }
    return entries;
  }

  bool comes(const std::string& key) {
    return bool(wait_for("the key", seconds(15), [&] { return entries().contains(key); }));
  }

  std::string output() { return read_file(dir_->file("output")).value(); }

  std::optional<TempDir> dir_;
  std::optional<EtcdServer> etcd_;
  std::unique_ptr<Etcd> client_;
};

TEST_F(RegisterCommandTest, KeepsATargetUntilItIsStopped) {
  const std::string value = R"({"labels": {"zone": "a"}, "metrics_path": "/m"})";
  auto process = start({"--address=10.0.0.7:8080", "--service=shop", "--ttl=2s", "--value", value});
  ASSERT_TRUE(process) << process.error().message;
  const std::string key = "/webservers/shop/10.0.0.7:8080";
  ASSERT_TRUE(comes(key)) << output();
  EXPECT_EQ(entries()[key], value);
  // Its lease is renewed: once it has run out twice the key would be gone.
  const auto twice = std::chrono::steady_clock::now() + seconds(5);
  ASSERT_TRUE(wait_for("two lives of the lease", seconds(10), [&] {
    EXPECT_TRUE(entries().contains(key));
    return std::chrono::steady_clock::now() > twice;
  }));
  process->signal(SIGTERM);
  const auto ended = process->wait(seconds(10));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->text(), "exit code 0");
  EXPECT_TRUE(entries().empty());
  EXPECT_NE(output().find("msg=\"target withdrawn\""), std::string::npos) << output();
}

TEST_F(RegisterCommandTest, FindsTheAddressOfThisHost) {
  auto process = start({"--port=8080"});
  ASSERT_TRUE(process) << process.error().message;
  EXPECT_TRUE(comes("/webservers/127.0.0.1:8080")) << output();
}

TEST_F(RegisterCommandTest, RegistersAgainWhenItsLeaseIsGone) {
  auto process = start({"--port=8080", "--ttl=2s"});
  ASSERT_TRUE(process) << process.error().message;
  const std::string key = "/webservers/127.0.0.1:8080";
  ASSERT_TRUE(comes(key)) << output();
  process->signal(SIGSTOP);
  EXPECT_TRUE(wait_for("the lease to end", seconds(15), [&] { return entries().empty(); }));
  process->signal(SIGCONT);
  EXPECT_TRUE(comes(key)) << output();
}

TEST_F(RegisterCommandTest, WithdrawsWhileTheCheckFails) {
  auto service = Generator::start({.count = 1});
  ASSERT_TRUE(service) << service.error().message;
  const std::string address = (*service)->addresses().front();
  for (const std::string& check : {std::string("tcp"), "http://" + address + "/metrics"}) {
    auto process = start({"--address=" + address, "--check=" + check, "--check-interval=100ms"});
    ASSERT_TRUE(process) << process.error().message;
    ASSERT_TRUE(comes("/webservers/" + address)) << output();
    service->reset();
    EXPECT_TRUE(wait_for("the target to go", seconds(15), [&] { return entries().empty(); }));
    const int port = std::stoi(address.substr(address.find(':') + 1));
    service = Generator::start({.count = 1, .first_port = port});
    ASSERT_TRUE(service) << service.error().message;
    ASSERT_EQ((*service)->addresses().front(), address);
    EXPECT_TRUE(comes("/webservers/" + address)) << output();
    process->signal(SIGTERM);
    ASSERT_TRUE(process->wait(seconds(10)));
    EXPECT_TRUE(entries().empty());
  }
}

TEST_F(RegisterCommandTest, IsNotRegisteredBeforeItsCheckSucceeds) {
  auto process = start({"--address=127.0.0.1:1", "--check=tcp", "--check-interval=100ms"});
  ASSERT_TRUE(process) << process.error().message;
  EXPECT_TRUE(wait_for("the reason", seconds(15), [&] {
    return output().find("connect to 127.0.0.1:1: Connection refused") != std::string::npos;
  }));
  EXPECT_TRUE(entries().empty());
}

TEST_F(RegisterCommandTest, RunsAProgramAndEndsWithIt) {
  const std::string wait_for_file =
      "until [ -e " + dir_->file("end") + " ]; do sleep 0.1; done; exit 7";
  auto process = start({"--port=8080", "--", "sh", "-c", wait_for_file});
  ASSERT_TRUE(process) << process.error().message;
  ASSERT_TRUE(comes("/webservers/127.0.0.1:8080")) << output();
  ASSERT_TRUE(run_program({"touch", dir_->file("end")}, seconds(5)));
  const auto ended = process->wait(seconds(15));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 7);
  EXPECT_TRUE(entries().empty());
}

TEST_F(RegisterCommandTest, StopsTheProgramAfterTheTargetIsTakenBack) {
  auto process = start({"--port=8080", "--", "sh", "-c",
                        "trap 'echo bye; exit' TERM; echo up; while :; do sleep 0.1; done"});
  ASSERT_TRUE(process) << process.error().message;
  ASSERT_TRUE(comes("/webservers/127.0.0.1:8080")) << output();
  ASSERT_TRUE(wait_for("its trap", seconds(15), [&] { return output().starts_with("up\n"); }));
  process->signal(SIGTERM);
  const auto ended = process->wait(seconds(15));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 0);
  EXPECT_LT(output().find("target withdrawn"), output().find("bye")) << output();
}

TEST_F(RegisterCommandTest, ASecondSignalKillsAProgramThatDoesNotStop) {
  auto process = start(
      {"--port=8080", "--", "sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.1; done"});
  ASSERT_TRUE(process) << process.error().message;
  ASSERT_TRUE(comes("/webservers/127.0.0.1:8080")) << output();
  process->signal(SIGTERM);
  ASSERT_TRUE(wait_for("the target's end", seconds(15),
                       [&] { return output().find("target withdrawn") != std::string::npos; }));
  process->signal(SIGTERM);
  const auto ended = process->wait(seconds(15));  // of 30 that it would be given
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 0);
}

TEST_F(RegisterCommandTest, RefusesWhatNobodyCouldScrape) {
  EXPECT_EQ(exit_code({}), 2);
  EXPECT_EQ(exit_code({"--address=http://10.0.0.7:80"}), 2);
  EXPECT_EQ(exit_code({"--port=8080", "--value=zone"}), 2);
  EXPECT_EQ(exit_code({"--port=8080", "--value={\"scheme\": \"ftp\"}"}), 2);
  EXPECT_EQ(exit_code({"--port=8080", "--ttl=never"}), 2);
  EXPECT_EQ(exit_code({"--port=8080", "--check=ping"}), 2);
  EXPECT_EQ(exit_code({"--port=8080", "--service=a/b"}), 2);
  EXPECT_EQ(exit_code({"--port=8080", "--scrape.etcd-url=ftp://x"}), 2);
  EXPECT_EQ(exit_code({"--port=8080", "--", "/no/such/program"}), 1);
  EXPECT_TRUE(entries().empty());
  for (const char* part : {"--port=8080", "has a scheme", "--value; it is no JSON object",
                           "--check; it is neither tcp nor a URL", "/no/such/program"}) {
    EXPECT_NE(output().find(part), std::string::npos) << part << "\n" << output();
  }
}

}  // namespace
}  // namespace promster
