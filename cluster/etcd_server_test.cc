#include "cluster/etcd_server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "base/process.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"

namespace promster {
namespace {

// etcdctl's answer, or its complaint.
std::string ctl(const std::string& endpoint, std::vector<std::string> args) {
  std::vector<std::string> argv = {"etcdctl", "--endpoints", endpoint};
  argv.insert(argv.end(), args.begin(), args.end());
  const auto output = run_program(argv, std::chrono::seconds(15));
  return output ? output->text : output.error().message;
}

class EtcdServerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto dir = TempDir::make("promster-etcd-test");
    ASSERT_TRUE(dir);
    dir_.emplace(std::move(*dir));
  }
  std::string path() const { return dir_->path(); }

  std::optional<TempDir> dir_;
};

TEST_F(EtcdServerTest, KeepsItsDataAcrossACrash) {
  auto etcd = EtcdServer::start({.dir = path()});
  ASSERT_TRUE(etcd) << etcd.error().message;
  EXPECT_EQ(ctl(etcd->endpoint(), {"put", "/a", "1"}), "OK\n");
  etcd->kill();
  EXPECT_FALSE(etcd->running());
  ASSERT_TRUE(etcd->restart());
  EXPECT_EQ(ctl(etcd->endpoint(), {"get", "/a"}), "/a\n1\n");
}

TEST_F(EtcdServerTest, ForgetsItsDataWhenWiped) {
  auto etcd = EtcdServer::start({.dir = path()});
  ASSERT_TRUE(etcd) << etcd.error().message;
  ctl(etcd->endpoint(), {"put", "/a", "1"});
  etcd->stop();
  ASSERT_TRUE(etcd->wipe());
  ASSERT_TRUE(etcd->restart());
  EXPECT_EQ(ctl(etcd->endpoint(), {"get", "/a"}), "");
}

TEST_F(EtcdServerTest, IsNotDisturbedByVariablesOfItsUser) {
  ::setenv("ETCD_DATA_DIR", "/nowhere", 1);
  const auto etcd = EtcdServer::start({.dir = path()});
  ::unsetenv("ETCD_DATA_DIR");
  EXPECT_TRUE(etcd) << etcd.error().message;
}

TEST_F(EtcdServerTest, AnswersNothingWhilePaused) {
  auto etcd = EtcdServer::start({.dir = path()});
  ASSERT_TRUE(etcd) << etcd.error().message;
  etcd->pause();
  EXPECT_NE(ctl(etcd->endpoint(), {"--command-timeout=300ms", "--dial-timeout=300ms", "get", "/a"})
                .find("deadline exceeded"),
            std::string::npos);
  etcd->resume();
  EXPECT_EQ(ctl(etcd->endpoint(), {"get", "/a"}), "");
}

TEST_F(EtcdServerTest, ThreeMembersOutliveOne) {
  auto cluster = EtcdServer::start_cluster({.dir = path()}, 3);
  ASSERT_TRUE(cluster) << cluster.error().message;
  ASSERT_EQ(cluster->size(), 3u);
  EXPECT_EQ(ctl(endpoints(*cluster), {"put", "/a", "1"}), "OK\n");
  (*cluster)[0].kill();
  const std::string other = (*cluster)[1].endpoint();
  EXPECT_TRUE(wait_for("a new leader", std::chrono::seconds(15), [&] {
    return ctl(other, {"get", "/a"}) == "/a\n1\n";
  }));
}

TEST_F(EtcdServerTest, SaysWhyItDidNotStart) {
  const auto etcd = EtcdServer::start({.dir = path(), .extra_args = {"--election-timeout", "1"}});
  ASSERT_FALSE(etcd);
  EXPECT_NE(etcd.error().message.find("start etcd: it ended"), std::string::npos);
  EXPECT_NE(etcd.error().message.find("election-timeout"), std::string::npos);
}

}  // namespace
}  // namespace promster
