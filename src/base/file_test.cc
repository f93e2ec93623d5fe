#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace promster {
namespace {

class FileTest : public testing::Test {
 protected:
  FileTest() {
    std::string pattern = testing::TempDir() + "promster_file_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~FileTest() override { std::filesystem::remove_all(folder_); }

  std::string file_with(const std::string& content) const {
    const std::string path = folder_ + "/file";
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  std::string folder_;
};

TEST_F(FileTest, ReadsEveryByte) {
  std::string content = "a\nb\r\n";
  content += '\0';
  for (int i = 0; i < 200'000; ++i) content += static_cast<char>(i);
  const auto read = read_file(file_with(content));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, content);
}

TEST_F(FileTest, ReadsAnEmptyFile) {
  const auto read = read_file(file_with(""));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, "");
}

TEST_F(FileTest, SaysWhyItCannotRead) {
  EXPECT_EQ(read_file("/nowhere/at/all").error().message,
            "read /nowhere/at/all: No such file or directory");
  EXPECT_EQ(read_file(folder_).error().message, "read " + folder_ + ": Is a directory");
}

TEST_F(FileTest, LimitIsExact) {
  const std::string path = file_with(std::string(1000, 'x'));
  EXPECT_TRUE(read_file(path, 1000).ok());
  EXPECT_EQ(read_file(path, 999).error().message, "read " + path + ": larger than 999 bytes");
}

TEST(FileLimitTest, ReadsNoMoreThanNeededOfAnEndlessFile) {
  EXPECT_FALSE(read_file("/dev/zero", 1 << 20).ok());
}

}  // namespace
}  // namespace promster
