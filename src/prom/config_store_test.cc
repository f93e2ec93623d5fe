#include "prom/config_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "cluster/temp_dir.h"

namespace promster {
namespace {

namespace fs = std::filesystem;

// A store, and beside it a site's own file of this mode, which our configuration was merged into.
class ConfigStoreTest : public testing::Test {
 protected:
  ApplyConfig config(const std::string& text, int mode) const {
    const std::string site = site_.file("site.yml");
    std::ofstream(site) << "global: {}";
    fs::permissions(site, fs::perms(mode));
    return {.prometheus_yml = text, .rules_yml = "groups: []", .base = {.file = site, .text = "x"}};
  }
  fs::perms mode(const std::string& name) const {
    return fs::status(dir_.file(name)).permissions();
  }
  // Until a file that is changed now has a later time than this one: it goes on in steps.
  void wait_for_later_than(const std::string& name) const {
    const auto change_time = [](const std::string& path) {
      struct stat is {};
      EXPECT_EQ(::stat(path.c_str(), &is), 0);
      return std::pair(is.st_ctim.tv_sec, is.st_ctim.tv_nsec);
    };
    const std::string probe = site_.file("probe");
    do std::ofstream(probe) << "text";
    while (change_time(probe) <= change_time(dir_.file(name)));
  }

  TempDir dir_ = *TempDir::make("config-store");
  TempDir site_ = *TempDir::make("config-store");
  ConfigStore store_{dir_.path()};
};

TEST_F(ConfigStoreTest, WhatMergesASecretFileIsAsSecret) {
  for (const auto& [site, ours] : {std::pair(0644, 0644), std::pair(0640, 0640),
                                   std::pair(0600, 0600), std::pair(0444, 0644)}) {
    ASSERT_TRUE(store_.put(config("text " + std::to_string(site), site)));
    EXPECT_EQ(mode("prometheus.yml"), fs::perms(ours)) << std::oct << site;
    EXPECT_EQ(mode("rules.yml"), fs::perms(0644));
  }
}

TEST_F(ConfigStoreTest, WithoutAFileOfTheSiteEverybodyReadsOurs) {
  ASSERT_TRUE(store_.put({.prometheus_yml = "text", .rules_yml = ""}));
  EXPECT_EQ(mode("prometheus.yml"), fs::perms(0644));
}

TEST_F(ConfigStoreTest, AFileThatTooManyMayReadIsNotWhatItShouldBe) {
  const ApplyConfig secret = config("text", 0640);
  ASSERT_TRUE(store_.put(config("text", 0644)));
  EXPECT_TRUE(store_.holds(config("text", 0644)));
  EXPECT_FALSE(store_.holds(config("text", 0640))) << "it became a secret meanwhile";
  const auto put = store_.put(secret);
  ASSERT_TRUE(put) << put.error().message;
  EXPECT_EQ(*put, std::vector<std::string>{"prometheus.yml"});
  EXPECT_EQ(mode("prometheus.yml"), fs::perms(0640));
  EXPECT_TRUE(store_.holds(secret));
}

TEST_F(ConfigStoreTest, WhatIsPutBackIsAsSecret) {
  const ApplyConfig good = config("good", 0640), bad = config("bad", 0640);
  ASSERT_TRUE(store_.put(good));
  ASSERT_TRUE(store_.remember_good(good));
  EXPECT_EQ(mode(".last-good"), fs::perms(0600));
  ASSERT_TRUE(store_.put(bad));
  const auto back = store_.go_back_from(bad);
  ASSERT_TRUE(back && *back);
  EXPECT_EQ((*back)->files.prometheus_yml, "good");
  EXPECT_EQ(mode("prometheus.yml"), fs::perms(0640));
}

// The old one had the password in it, for its owner alone; the new one has it in a file of its own,
// and is for everybody.
TEST_F(ConfigStoreTest, WhatIsPutBackIsAsSecretAsItWas) {
  const ApplyConfig good = config("good", 0600);
  ASSERT_TRUE(store_.put(good));
  ASSERT_TRUE(store_.remember_good(good));
  const ApplyConfig bad = config("bad", 0644), bare{.prometheus_yml = "bad", .rules_yml = ""};
  for (const ApplyConfig& refused : {bad, bare}) {
    // One that was started since knows it, too.
    ConfigStore later(dir_.path());
    for (ConfigStore* store : {&store_, &later}) {
      ASSERT_TRUE(store->put(refused));
      EXPECT_EQ(mode("prometheus.yml"), fs::perms(0644));
      const auto back = store->go_back_from(refused);
      ASSERT_TRUE(back && *back);
      EXPECT_EQ((*back)->files.prometheus_yml, "good");
      EXPECT_EQ(mode("prometheus.yml"), fs::perms(0600));
    }
  }
}

TEST_F(ConfigStoreTest, WhatWasNeverAcceptedIsPutBackAsSecretAsItWas) {
  ASSERT_TRUE(store_.put(config("first", 0600)));
  ConfigStore later(dir_.path());
  const ApplyConfig bad = config("bad", 0644);
  ASSERT_TRUE(later.put(bad));
  const auto back = later.go_back_from(bad);
  ASSERT_TRUE(back && *back);
  EXPECT_EQ((*back)->files.prometheus_yml, "first");
  EXPECT_EQ(mode("prometheus.yml"), fs::perms(0600));
}

// Whoever closed the site's file may have seen that it was open to too many.
TEST_F(ConfigStoreTest, WhatIsPutBackIsAsSecretAsWhatIsRefused) {
  const ApplyConfig good = config("good", 0644);
  ASSERT_TRUE(store_.put(good));
  ASSERT_TRUE(store_.remember_good(good));
  const ApplyConfig bad = config("bad", 0640);
  ASSERT_TRUE(store_.put(bad));
  ASSERT_TRUE(store_.go_back_from(bad));
  EXPECT_EQ(mode("prometheus.yml"), fs::perms(0640));
}

TEST_F(ConfigStoreTest, WithoutItsFileTheSitesConfigurationIsAsSecretAsItWas) {
  ASSERT_TRUE(store_.put(config("one", 0600)));
  const ApplyConfig two = config("two", 0640);
  ASSERT_TRUE(store_.put(two));
  ASSERT_TRUE(store_.remember_good(two));
  ApplyConfig three = config("three", 0640);
  fs::remove(three.base.file);
  ASSERT_TRUE(store_.put(three));
  EXPECT_EQ(mode("prometheus.yml"), fs::perms(0640));
  EXPECT_TRUE(store_.holds(three));
  ASSERT_TRUE(store_.go_back_from(three));
  EXPECT_EQ(mode("prometheus.yml"), fs::perms(0640));

  const TempDir empty = *TempDir::make("config-store");
  ASSERT_TRUE(ConfigStore(empty.path()).put(three));
  EXPECT_EQ(fs::status(empty.file("prometheus.yml")).permissions(), fs::perms(0600))
      << "nobody knows who may read it";
}

TEST_F(ConfigStoreTest, WhatIsOpenedStaysSoAsLongAsTheSitesFileIsAsItIs) {
  const ApplyConfig secret = config("one", 0600);
  ASSERT_TRUE(store_.put(secret));
  EXPECT_TRUE(store_.open_to_all(secret));
  EXPECT_FALSE(store_.open_to_all(secret));
  EXPECT_EQ(mode("prometheus.yml"), fs::perms(0644));
  EXPECT_TRUE(store_.holds(secret));
  EXPECT_FALSE(store_.exposed_to_more()) << "that is another matter";
  ASSERT_TRUE(store_.put(config("two", 0600)));
  EXPECT_EQ(mode("prometheus.yml"), fs::perms(0644));
  EXPECT_FALSE(store_.holds(config("two", 0640)));
  ASSERT_TRUE(store_.put(config("two", 0640)));
  EXPECT_EQ(mode("prometheus.yml"), fs::perms(0640));
  store_.open_to_all(config("two", 0640));
  store_.close_again();
  ASSERT_TRUE(store_.put(config("two", 0640)));
  EXPECT_EQ(mode("prometheus.yml"), fs::perms(0640));
  EXPECT_FALSE(store_.open_to_all(config("two", 0644))) << "it is open";
}

TEST_F(ConfigStoreTest, WhatWasGoodBeforeItWasPutAnewIsNotKnownToBeInUse) {
  const ApplyConfig good{.prometheus_yml = "good", .rules_yml = ""};
  const ApplyConfig other{.prometheus_yml = "other", .rules_yml = ""};
  ASSERT_TRUE(store_.put(good));
  EXPECT_FALSE(store_.good_since_put(good));
  ASSERT_TRUE(store_.remember_good(good));
  EXPECT_TRUE(ConfigStore(dir_.path()).good_since_put(good));
  EXPECT_FALSE(store_.good_since_put(other));
  wait_for_later_than(".last-good");
  ASSERT_TRUE(store_.put(other));
  ASSERT_TRUE(store_.put(good));
  EXPECT_FALSE(store_.good_since_put(good)) << "the other one may be loaded";
  ASSERT_TRUE(store_.remember_good(good));
  EXPECT_TRUE(store_.good_since_put(good));
}

// Whom the site lets read its file is not whom it let read the old one.
TEST_F(ConfigStoreTest, WhatIsPutBackIsNotReadByAGroupThatEitherShutsOut) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root, so no file of another group";
  const ApplyConfig good = config("good", 0640);
  ASSERT_EQ(::chown(good.base.file.c_str(), 0, 3), 0);
  ASSERT_TRUE(store_.put(good));
  ASSERT_TRUE(store_.remember_good(good));
  const ApplyConfig bad = config("bad", 0640);
  ASSERT_EQ(::chown(bad.base.file.c_str(), 0, 4), 0);
  ASSERT_TRUE(store_.put(bad));
  ASSERT_TRUE(store_.go_back_from(bad));
  EXPECT_EQ(mode("prometheus.yml"), fs::perms(0600));
}

// It was opened since Prometheus could not read it, and it is no more private for its owner.
TEST_F(ConfigStoreTest, WhatIsOpenedStaysSoWhenItIsPutBackAsAnothers) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root, so no file of another user";
  const ApplyConfig good = config("good", 0640);
  ASSERT_EQ(::chown(good.base.file.c_str(), 3, 3), 0);
  ASSERT_TRUE(store_.put(good));
  ASSERT_TRUE(store_.remember_good(good));
  const ApplyConfig bad = config("bad", 0600);
  ASSERT_EQ(::chown(bad.base.file.c_str(), 0, 0), 0);
  ASSERT_TRUE(store_.put(bad));
  ASSERT_TRUE(store_.open_to_all(bad));
  ASSERT_TRUE(store_.go_back_from(bad));
  EXPECT_EQ(mode("prometheus.yml"), fs::perms(0644));
}

TEST_F(ConfigStoreTest, WhatWasGoodOutlivesTheProcess) {
  EXPECT_EQ(store_.good_stamp(), "");
  ApplyConfig good{.prometheus_yml = "7 text\n", .rules_yml = "3 rules\n"};
  good.base.stamp = "1 2 /rules/a.yml\n";
  ASSERT_TRUE(store_.remember_good(good));
  ConfigStore later(dir_.path());
  EXPECT_EQ(later.good_stamp(), good.base.stamp);
  const auto back = later.go_back_from({});
  ASSERT_TRUE(back && *back);
  EXPECT_EQ((*back)->files, (ConfigFiles{good.prometheus_yml, good.rules_yml}));
}

TEST_F(ConfigStoreTest, WhatIsNoLastGoodIsNone) {
  for (const char* text : {"", "promster last good 1 3\nabc", "promster last good 2 3\nabc",
                           "promster last good 2 2 2\nabc", "promster last good 2 -1 2\nabc"}) {
    std::ofstream(dir_.file(".last-good")) << text;
    EXPECT_EQ(store_.good_stamp(), "");
    const auto back = store_.go_back_from({});
    ASSERT_TRUE(back);
    EXPECT_FALSE(*back) << text;
  }
}

TEST_F(ConfigStoreTest, TheGroupOfTheSitesFileReadsOurs) {
  const ApplyConfig secret = config("text", 0640);
  const gid_t group = ::geteuid() == 0 ? 3 : ::getegid();
  ASSERT_EQ(::chown(secret.base.file.c_str(), static_cast<uid_t>(-1), group), 0);
  ASSERT_TRUE(store_.put(secret));
  struct stat is {};
  ASSERT_EQ(::stat(dir_.file("prometheus.yml").c_str(), &is), 0);
  EXPECT_EQ(is.st_gid, group);
}

}  // namespace
}  // namespace promster
