// Two nodes that were given one name: the one that was there first says so.
#include <gtest/gtest.h>

#include <string>

#include "base/file.h"
#include "cluster/child.h"
#include "cluster/etcd_server.h"
#include "cluster/hierarchy.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "prom/http_client.h"

namespace promster {
namespace {

using std::chrono::seconds;

std::size_t times(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++count;
  return count;
}

TEST(OneName, IsToldByTheNodeThatHadItFirst) {
  const TempDir dir = TempDir::make("one-name").value();
  EtcdServer etcd = EtcdServer::start({.dir = dir.path()}).value();
  const Environment environment{{"REGISTRY_ETCD_URL", etcd.endpoint()},
                                {"REGISTRY_SERVICE", "s"},
                                {"REGISTRY_TTL", "5"},
                                {"SCRAPE_INTERVAL", "1s"},
                                {"SCRAPE_ETCD_PATH", "/targets"}};
  Hierarchy hierarchy({.binary = PROMSTER_BINARY, .dir = dir.path()});
  ASSERT_TRUE(hierarchy.add_level({.name = "level1", .nodes = 1, .environment = environment}));
  ASSERT_TRUE(hierarchy.wait_until_ready(seconds(60)));
  Node& first = hierarchy.nodes(0)[0];
  const auto says = [&](const std::string& path, const std::string& what) {
    const auto answer = HttpClient().get(first.web_url() + path);
    return answer && answer->body.find(what) != std::string::npos;
  };
  EXPECT_FALSE(says("/-/ready", "another promster"));
  EXPECT_TRUE(says("/metrics", "promster_name_conflicts_total 0"));

  Child second({.argv = {PROMSTER_BINARY, "run", "--prometheus.url=" + first.prometheus_url(),
                         "--web.listen-address=127.0.0.1:0",
                         "--registry.advertise-address=" + first.address(),
                         "--prometheus.config-dir=" + dir.path()},
                .environment = environment,
                .output_path = dir.path() + "/second.log",
                .own_group = true});
  ASSERT_TRUE(second.launch());
  const auto told = wait_for("the first one to tell", seconds(60), [&] {
    return says("/-/ready", "another promster (instance ") &&
           says("/-/ready", "registers " + first.address() + " as well");
  });
  EXPECT_TRUE(told) << told.error().message << hierarchy.log_tails(20);
  EXPECT_FALSE(says("/metrics", "promster_name_conflicts_total 0"));
  EXPECT_EQ(times(read_file(first.log_path()).value(), "another promster registers"), 1u);
}

}  // namespace
}  // namespace promster
