#include "cluster/temp_dir.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <utility>

namespace promster {
namespace {

TEST(TempDir, IsNewEmptyAndOurs) {
  const auto dir = TempDir::make("promster-temp-dir-test");
  ASSERT_TRUE(dir) << dir.error().message;
  EXPECT_TRUE(std::filesystem::is_empty(dir->path()));
  EXPECT_NE(dir->path().find("/promster-temp-dir-test-"), std::string::npos);
  EXPECT_EQ(std::filesystem::status(dir->path()).permissions(), std::filesystem::perms::owner_all);
}

TEST(TempDir, IsRemovedWithAllThatIsInIt) {
  std::string path;
  {
    const auto dir = TempDir::make();
    ASSERT_TRUE(dir);
    path = dir->path();
    std::filesystem::create_directories(dir->file("a/b"));
    std::ofstream(dir->file("a/b/c")) << "x";
    ASSERT_TRUE(std::filesystem::exists(path + "/a/b/c"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TempDir, MovesWithItsOwner) {
  auto first = TempDir::make();
  ASSERT_TRUE(first);
  const TempDir second = std::move(*first);
  EXPECT_TRUE(std::filesystem::is_directory(second.path()));
}

}  // namespace
}  // namespace promster
