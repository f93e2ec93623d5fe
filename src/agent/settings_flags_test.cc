#include "agent/settings_flags.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

using Strings = std::vector<std::string>;

Strings taken(const Strings& arguments) {
  Strings all;
  for (const GivenFlag& flag : take_setting_flags(arguments).flags) {
    all.push_back(flag.name + " " + flag.spelling + " " + flag.value);
  }
  return all;
}

TEST(TakeSettingFlags, ReadsBothFormsOfAValue) {
  const Strings expected{"scrape.interval --scrape.interval 5s"};
  EXPECT_EQ(taken({"--scrape.interval=5s"}), expected);
  EXPECT_EQ(taken({"--scrape.interval", "5s"}), expected);
  EXPECT_EQ(taken({"-scrape.interval", "5s"}), expected);
}

TEST(TakeSettingFlags, KnowsTheOriginalsFlags) {
  EXPECT_EQ(taken({"-scrape-etcd-url", "http://e:1", "--registry-node-ttl=5", "-loglevel=debug"}),
            (Strings{"scrape.etcd-url --scrape-etcd-url http://e:1",
                     "registry.ttl --registry-node-ttl 5", "log.level --loglevel debug"}));
}

TEST(TakeSettingFlags, ABoolNeedsNoValue) {
  EXPECT_EQ(taken({"--scrape-shard-enable", "--tls-insecure=false", "--prometheus.start"}),
            (Strings{"scrape.shard --scrape-shard-enable true",
                     "scrape.tls-insecure --tls-insecure false",
                     "prometheus.start --prometheus.start true"}));
}

TEST(TakeSettingFlags, ABoolTakesTheNextArgumentOnlyIfItIsOne) {
  EXPECT_EQ(taken({"--tls-insecure", "false"}),
            (Strings{"scrape.tls-insecure --tls-insecure false"}));
  const TakenFlags with_command = take_setting_flags(Strings{"--prometheus.start", "run"});
  EXPECT_EQ(with_command.flags[0].value, "true");
  EXPECT_EQ(with_command.rest, (Strings{"run"}));
}

TEST(TakeSettingFlags, LeavesTheRestInOrder) {
  const TakenFlags all = take_setting_flags(
      Strings{"render", "--scrape.paths=/a", "--diff", "-o", "json", "--", "--scrape.paths=/b"});
  EXPECT_EQ(all.rest, (Strings{"render", "--diff", "-o", "json", "--", "--scrape.paths=/b"}));
  EXPECT_EQ(all.flags.size(), 1u);
}

TEST(TakeSettingFlags, AFlagWithoutItsValueIsAnError) {
  const TakenFlags all = take_setting_flags(Strings{"--scrape.interval"});
  EXPECT_EQ(all.errors,
            (Strings{"--scrape.interval has no value; try: --scrape.interval=DURATION"}));
}

TEST(TakeSettingFlags, ASecretIsNoFlag) {
  const TakenFlags all = take_setting_flags(Strings{"--etcd.password=hunter2"});
  ASSERT_EQ(all.errors.size(), 1u);
  EXPECT_EQ(all.errors[0].find("hunter2"), std::string::npos);
  EXPECT_NE(all.errors[0].find("PROMSTER_ETCD_PASSWORD"), std::string::npos);
  EXPECT_TRUE(all.flags.empty());
}

}  // namespace
}  // namespace promster
