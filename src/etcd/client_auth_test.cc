// The client and a real etcd with users.

#include "etcd/client_for_test.h"
#include "etcd/etcdctl_for_test.h"
#include "etcd/retry_pause.h"

namespace promster {
namespace {

// A user who may read and write below /ok/; tokens that go unused live for two seconds.
class ClientAuth : public testing::Test {
 protected:
  ClientAuth() {
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"user", "add", "root:secret"},
          {"user", "grant-role", "root", "root"},
          {"role", "add", "worker"},
          {"role", "grant-permission", "worker", "readwrite", "/ok/", "--prefix=true"},
          {"user", "add", "ann:pass"},
          {"user", "grant-role", "ann", "worker"},
          {"auth", "enable"}}) {
      etcdctl(server_.etcd->endpoint(), command);
    }
  }

  void as_root(std::vector<std::string> command) {
    command.insert(command.end(), {"--user", "root:secret"});
    etcdctl(server_.etcd->endpoint(), command);
  }
  std::unique_ptr<Etcd> user(const std::string& name, const std::string& password) {
    EtcdSettings settings = at({server_.etcd->endpoint()});
    settings.username = name;
    settings.password = password;
    return make_etcd_client({.settings = settings,
                             .report =
                                 [this](const EtcdCalled& call) {
                                   authentications_ += call.operation == "authenticate" ? 1 : 0;
                                 },
                             .stop = {}});
  }

  Server server_{{.dir = {}, .extra_args = {"--auth-token-ttl", "2", "--bcrypt-cost", "4"}}};
  int authentications_ = 0;
};

TEST_F(ClientAuth, AUserMayWhatTheRoleAllows) {
  const auto ann = user("ann", "pass");
  EXPECT_TRUE(ann->put("/ok/a", "1", 0).ok());
  EXPECT_EQ(ann->range(kAll)->entries.size(), 1u);
  EXPECT_EQ(authentications_, 1) << "one token for all calls";
  EXPECT_EQ(ann->put("/no", "", 0).error().code, Code::kPermissionDenied);
  EXPECT_EQ(ann->range({.prefix = "/", .start_key = {}}).error().code, Code::kPermissionDenied);
  auto watch = ann->watch({"/no", 0}, {});
  ASSERT_FALSE(watch.ok());
  EXPECT_EQ(watch.error().code, Code::kPermissionDenied);
  EXPECT_EQ(user("ann", "wrong")->range(kAll).error().code, Code::kAuth);
  EXPECT_EQ(user("", "")->range(kAll).error().code, Code::kAuth);
}

TEST_F(ClientAuth, ATokenThatRanOutIsRenewed) {
  const auto writer = user("ann", "pass");
  const auto watcher = user("ann", "pass");
  const auto lease = writer->grant(Duration(60'000));
  ASSERT_TRUE(writer->put("/ok/a", "1", lease->id).ok());
  ASSERT_TRUE(watcher->range(kAll).ok());
  EXPECT_EQ(authentications_, 2);
  pause_for(Duration(4000), {});
  const auto put = writer->put("/ok/a", "2", lease->id);
  EXPECT_TRUE(put.ok()) << put.error().message;
  const auto watch = watcher->watch({"/ok/", 0}, {});
  EXPECT_TRUE(watch.ok()) << "refused with a text only: " << watch.error().message;
  EXPECT_EQ(authentications_, 4);
  EXPECT_TRUE(writer->keep_alive(lease->id, Duration(2000)).ok());
  EXPECT_TRUE(writer->revoke(lease->id).ok());
}

TEST_F(ClientAuth, AuthenticationMayBeTurnedOffAndOn) {
  const auto ann = user("ann", "pass");
  ASSERT_TRUE(ann->put("/ok/a", "1", 0).ok());
  for (int i = 0; i < 3; ++i) {
    as_root({"auth", "disable"});
    auto put = ann->put("/ok/a", "2", 0);
    EXPECT_TRUE(put.ok()) << put.error().message;
    etcdctl(server_.etcd->endpoint(), {"auth", "enable"});
    put = ann->put("/ok/a", "3", 0);
    EXPECT_TRUE(put.ok()) << put.error().message;
  }
}

TEST_F(ClientAuth, RevokeRenewsTheTokenAfterAStop) {
  std::stop_source stop;
  EtcdSettings settings = at({server_.etcd->endpoint()});
  settings.username = "ann";
  settings.password = "pass";
  const auto ann = make_etcd_client({.settings = settings, .report = {}, .stop = stop.get_token()});
  const auto lease = user("ann", "pass")->grant(Duration(60'000));
  ASSERT_TRUE(user("ann", "pass")->put("/ok/a", "", lease->id).ok());
  stop.request_stop();
  const auto revoked = ann->revoke(lease->id);
  EXPECT_TRUE(revoked.ok()) << revoked.error().message;
}

TEST_F(ClientAuth, AChangeOfUsersGoesUnnoticed) {
  const auto ann = user("ann", "pass");
  for (int i = 0; i < 5; ++i) {
    as_root({"user", "add", "user" + std::to_string(i) + ":x"});
    const auto put = ann->put("/ok/a", "2", 0);
    EXPECT_TRUE(put.ok()) << put.error().message;
  }
}

}  // namespace
}  // namespace promster
