#include "prom/config_lock.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/file.h"
#include "base/process.h"
#include "cluster/temp_dir.h"

namespace promster {
namespace {

namespace fs = std::filesystem;

class ConfigLockTest : public ::testing::Test {
 protected:
  std::string refusal() const {
    const auto taken = ConfigLock::take(path_);
    return taken ? "" : taken.error().message;
  }

  TempDir dir_ = *TempDir::make("config-lock");
  std::string path_ = dir_.file("config");
};

TEST_F(ConfigLockTest, IsHeldByOne) {
  {
    const auto first = ConfigLock::take(path_);
    ASSERT_TRUE(first) << first.error().message;
    const std::string words = refusal();
    EXPECT_TRUE(words.starts_with("another promster is at work in " + path_)) << words;
    EXPECT_NE(words.find("; try: --prometheus.config-dir"), std::string::npos) << words;
  }
  EXPECT_EQ(refusal(), "");
  EXPECT_TRUE(fs::is_empty(path_)) << "it leaves nothing there";
}

TEST_F(ConfigLockTest, WhoRunsPrometheusIsNotWhoWritesItsFiles) {
  const auto supervisor = ConfigLock::take(path_, ConfigLock::Of::kPrometheus);
  ASSERT_TRUE(supervisor) << supervisor.error().message;
  EXPECT_EQ(refusal(), "");
  const auto second = ConfigLock::take(path_, ConfigLock::Of::kPrometheus);
  ASSERT_FALSE(second);
  const std::string& words = second.error().message;
  EXPECT_TRUE(words.starts_with("another promster is at work in " + path_)) << words;
  EXPECT_EQ(words.find("/sd"), std::string::npos) << words;
}

// The kernel may name a directory otherwise than stat does (btrfs), and hides holders elsewhere.
TEST_F(ConfigLockTest, NamesTheHolderWhereTheKernelShowsIt) {
  const auto first = ConfigLock::take(path_);
  ASSERT_TRUE(first) << first.error().message;
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  char shown[80];
  std::snprintf(shown, sizeof shown, " %d %02x:%02x:%lu ", ::getpid(), major(status.st_dev),
                minor(status.st_dev), static_cast<unsigned long>(status.st_ino));
  if (read_file("/proc/locks").value().find(shown) == std::string::npos) {
    GTEST_SKIP() << "/proc/locks does not show" << shown;
  }
  const std::string words = refusal();
  EXPECT_NE(words.find(" (pid " + std::to_string(::getpid()) + "); try: "), std::string::npos)
      << words;
}

TEST_F(ConfigLockTest, IsNotHandedOnToAProgramThatIsStarted) {
  std::optional<Process> child;
  {
    const auto first = ConfigLock::take(path_);
    ASSERT_TRUE(first) << first.error().message;
    auto started = Process::start({.argv = {"sleep", "1000"}});
    ASSERT_TRUE(started) << started.error().message;
    child.emplace(std::move(*started));
  }
  EXPECT_EQ(refusal(), "");
  EXPECT_TRUE(child->running());
}

TEST_F(ConfigLockTest, WhatCannotBeLockedIsNoReasonNotToStart) {
  std::ofstream(path_) << "in the way";
  EXPECT_EQ(refusal(), "");
}

}  // namespace
}  // namespace promster
