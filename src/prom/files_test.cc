#include "prom/files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <thread>

#include "base/file.h"
#include "cluster/temp_dir.h"

namespace promster {
namespace {

namespace fs = std::filesystem;

class FilesTest : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return dir_.path() + "/" + name; }
  std::string content(const std::string& name) const {
    const auto read = read_file(path(name));
    return read ? *read : "(" + read.error().message + ")";
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
  }
  ino_t inode(const std::string& name) const {
    struct stat status {};
    return ::stat(path(name).c_str(), &status) == 0 ? status.st_ino : 0;
  }
  std::vector<std::string> names(const std::string& directory = ".") const {
    std::vector<std::string> result;
    for (const auto& entry : fs::directory_iterator(path(directory))) {
      result.push_back(entry.path().filename().string());
    }
    std::ranges::sort(result);
    return result;
  }

  TempDir dir_ = *TempDir::make("promster-files-test");
};

using Names = std::vector<std::string>;

TEST_F(FilesTest, MakesAndReplacesAFileAndLeavesNothingElse) {
  const auto made = replace_file(path("a.yml"), "one");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_TRUE(*made);
  EXPECT_EQ(content("a.yml"), "one");
  EXPECT_TRUE(*replace_file(path("a.yml"), "three"));
  EXPECT_EQ(content("a.yml"), "three");
  EXPECT_TRUE(*replace_file(path("a.yml"), ""));
  EXPECT_EQ(content("a.yml"), "");
  EXPECT_EQ(names(), Names{"a.yml"});
}

TEST_F(FilesTest, DoesNotWriteEqualBytesAgain) {
  const std::string large(200'000, 'x');
  for (const std::string& text : {std::string(), std::string("one"), large}) {
    ASSERT_TRUE(replace_file(path("a"), text));
    const ino_t before = inode("a");
    EXPECT_FALSE(*replace_file(path("a"), text));
    EXPECT_EQ(inode("a"), before);
  }
  std::string other = large;
  other.back() = 'y';
  EXPECT_TRUE(*replace_file(path("a"), other));
  EXPECT_EQ(content("a"), other);
}

TEST_F(FilesTest, TheModeIsTheOneAskedForWhateverTheUmask) {
  const mode_t old = ::umask(0077);
  ASSERT_TRUE(replace_file(path("a"), "one"));
  ASSERT_TRUE(replace_file(path("b"), "one", {.mode = 0600}));
  ::umask(old);
  EXPECT_EQ(fs::status(path("a")).permissions(), fs::perms(0644));
  EXPECT_EQ(fs::status(path("b")).permissions(), fs::perms(0600));
}

// Without the privileges of root, which may give a file to anybody, as long as it lives.
class AsNobody {
 public:
  AsNobody() {
    const bool done = !root_ || (::setegid(kNobody) == 0 && ::seteuid(kNobody) == 0);
    EXPECT_TRUE(done);
  }
  ~AsNobody() {
    const bool done = !root_ || (::seteuid(0) == 0 && ::setegid(0) == 0);
    EXPECT_TRUE(done);
  }

 private:
  static constexpr uid_t kNobody = 65534;
  const bool root_ = ::geteuid() == 0;
};

TEST_F(FilesTest, IsGivenToWhomItIsFor) {
  const bool root = ::geteuid() == 0;
  const FileOwner owner{.user = root ? 2u : ::geteuid(), .group = root ? 3u : ::getegid()};
  for (const char* content : {"one", "two"}) {
    ASSERT_TRUE(replace_file(path("a"), content, {.mode = 0640, .owner = owner}));
    struct stat is {};
    ASSERT_EQ(::stat(path("a").c_str(), &is), 0);
    EXPECT_EQ(is.st_uid, owner.user);
    EXPECT_EQ(is.st_gid, owner.group);
    EXPECT_EQ(is.st_mode & 0777, 0640u);
  }
}

TEST_F(FilesTest, WhatCannotBeGivenToTheGroupIsForTheOwnerAlone) {
  fs::permissions(dir_.path(), fs::perms::all);
  const AsNobody nobody;
  ASSERT_TRUE(replace_file(path("a"), "one", {.mode = 0640, .owner = FileOwner{1, 1234}}));
  EXPECT_EQ(fs::status(path("a")).permissions(), fs::perms(0600));
}

TEST_F(FilesTest, EqualBytesThatTooManyMayReadAreWrittenAgain) {
  const FileOwner us{.user = ::geteuid(), .group = ::getegid()};
  const ReplaceOptions by_name{.mode = 0640, .owner = us};
  ReplaceOptions in_place = by_name;
  in_place.rename = [](const char*, const char*) {
    errno = EBUSY;
    return -1;
  };
  for (const ReplaceOptions& how : {by_name, in_place}) {
    write("a", "one");
    fs::permissions(path("a"), fs::perms(0644));
    EXPECT_TRUE(*replace_file(path("a"), "one", how));
    EXPECT_EQ(fs::status(path("a")).permissions(), fs::perms(0640));
    EXPECT_FALSE(*replace_file(path("a"), "one", how));
  }
}

// A mount of one file into a container: only its owner may say who reads it.
TEST_F(FilesTest, AnothersFileThatIsMountedByItselfIsWrittenAsItIs) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root, so all files are ours";
  write("a", "one");
  fs::permissions(path("a"), fs::perms(0666));
  fs::permissions(dir_.path(), fs::perms::all);
  const AsNobody nobody;
  ReplaceOptions in_place{.mode = 0640, .owner = FileOwner{0, 0}};
  in_place.rename = [](const char*, const char*) {
    errno = EBUSY;
    return -1;
  };
  const auto written = replace_file(path("a"), "two", in_place);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(content("a"), "two");
  EXPECT_EQ(fs::status(path("a")).permissions(), fs::perms(0666));
  EXPECT_TRUE(read_by_more(path("a"), in_place));
}

TEST_F(FilesTest, WhoMayReadIsAlsoAQuestionOfTheGroup) {
  write("a", "one");
  fs::permissions(path("a"), fs::perms(0640));
  const gid_t ours = ::getegid();
  const auto by_more = [&](mode_t mode, gid_t group) {
    return read_by_more(path("a"), {.mode = mode, .owner = FileOwner{0, group}});
  };
  EXPECT_FALSE(by_more(0640, ours));
  EXPECT_TRUE(by_more(0600, ours));
  EXPECT_TRUE(by_more(0640, ours + 1)) << "another group reads it";
  fs::permissions(path("a"), fs::perms(0600));
  EXPECT_FALSE(by_more(0640, ours + 1));
  EXPECT_FALSE(read_by_more(path("a"), {}));
  EXPECT_FALSE(read_by_more(path("none"), {.mode = 0600, .owner = FileOwner{}}));
}

TEST_F(FilesTest, ASymbolicLinkIsReplacedAndNotFollowed) {
  write("outside", "precious");
  fs::create_symlink("outside", path("a"));
  ASSERT_TRUE(replace_file(path("a"), "one"));
  EXPECT_EQ(content("outside"), "precious");
  EXPECT_FALSE(fs::is_symlink(path("a")));
}

TEST_F(FilesTest, NamesFileAndStepOfAFailure) {
  const auto missing = replace_file(path("none/a.yml"), "one");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message,
            "write " + path("none/a.yml") + ": create: No such file or directory");
  fs::create_directory(path("a.yml"));
  const auto directory = replace_file(path("a.yml"), "one");
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().message, "write " + path("a.yml") + ": rename: Is a directory");
  EXPECT_EQ(names(), Names{"a.yml"});
}

TEST_F(FilesTest, AFailedRenameKeepsTheOldContentAndRemovesTheNew) {
  write("a.yml", "old");
  const auto denied = [](const char*, const char*) {
    errno = EACCES;
    return -1;
  };
  const auto written = replace_file(path("a.yml"), "new", {.rename = denied});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "write " + path("a.yml") + ": rename: Permission denied");
  EXPECT_EQ(content("a.yml"), "old");
  EXPECT_EQ(names(), Names{"a.yml"});
}

TEST_F(FilesTest, AFileMountedByItselfIsRewrittenInPlace) {
  const auto busy = [](const char*, const char*) {
    errno = EBUSY;
    return -1;
  };
  const auto other_device = [](const char*, const char*) {
    errno = EXDEV;
    return -1;
  };
  for (const auto rename : {+busy, +other_device}) {
    write("a.yml", "quite old");
    const ino_t before = inode("a.yml");
    const auto written = replace_file(path("a.yml"), "new", {.rename = rename});
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_TRUE(*written);
    EXPECT_EQ(content("a.yml"), "new");
    EXPECT_EQ(inode("a.yml"), before);
    EXPECT_EQ(names(), Names{"a.yml"});
  }
}

// Files of this process may be no larger than this: what a full disk does, without a disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit low{.rlim_cur = bytes, .rlim_max = old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &low);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &old_); }

 private:
  rlimit old_{};
};

TEST_F(FilesTest, AWriteThatFailsKeepsTheOldContentAndRemovesTheNew) {
  write("a.yml", "old");
  const auto written = [&] {
    const FileSizeLimit limit(4096);
    return replace_file(path("a.yml"), std::string(20'000, 'x'));
  }();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "write " + path("a.yml") + ": write: File too large");
  EXPECT_EQ(content("a.yml"), "old");
  EXPECT_EQ(names(), Names{"a.yml"});
}

// The limit comes down only after the temporary file was written.
TEST_F(FilesTest, ARewriteInPlaceThatHasNoRoomKeepsTheOldContent) {
  write("a.yml", "old and long");
  const auto busy_and_full = [](const char*, const char*) {
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 4096;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    errno = EBUSY;
    return -1;
  };
  const auto written = [&] {
    const FileSizeLimit restored(1 << 20);
    return replace_file(path("a.yml"), std::string(20'000, 'x'), {.rename = busy_and_full});
  }();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "write " + path("a.yml") + ": write: File too large");
  EXPECT_EQ(content("a.yml"), "old and long");
  EXPECT_EQ(names(), Names{"a.yml"});
}

TEST_F(FilesTest, MakesDirectories) {
  EXPECT_TRUE(ensure_directory(path("x/y/z")));
  EXPECT_TRUE(ensure_directory(path("x/y/z")));
  EXPECT_TRUE(fs::is_directory(path("x/y/z")));
  write("file", "");
  const auto blocked = ensure_directory(path("file"));
  ASSERT_FALSE(blocked);
  EXPECT_TRUE(blocked.error().message.starts_with("make directory " + path("file") + ": "));
}

TEST_F(FilesTest, RemovesOnlyItsOwnLeftOvers) {
  for (const char* name :
       {".rules.yml.promster-0123456789abcdef", ".targets.json.promster-00000000deadbeef",
        "rules.yml.promster-0123456789abcdef", ".rules.yml.promster-0123456789abcde",
        ".rules.yml.promster-0123456789abcdeg", ".promster-0123456789abcdef", "rules.yml"}) {
    write(name, "");
  }
  const auto removed = remove_left_over_files(dir_.path());
  ASSERT_TRUE(removed) << removed.error().message;
  EXPECT_EQ(*removed, 2);
  EXPECT_EQ(names().size(), 5u);
  EXPECT_FALSE(remove_left_over_files(path("none")));
}

// What Prometheus does, only faster.
TEST_F(FilesTest, AReaderNeverSeesHalfAFile) {
  const auto groups = [](int count) {
    nlohmann::json list = nlohmann::json::array();
    for (int i = 0; i < count; ++i)
      list.push_back({{"targets", {"10.0.0.1:" + std::to_string(i)}}});
    return list.dump();
  };
  ASSERT_TRUE(ensure_directory(path("sd")));
  ASSERT_TRUE(replace_file(path("sd/targets.json"), groups(1)));
  int reads = 0, invalid = 0, foreign = 0;
  std::jthread reader([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto text = read_file(path("sd/targets.json"));
      ++reads;
      invalid += !text || nlohmann::json::parse(*text, nullptr, false).is_discarded() ? 1 : 0;
      for (const auto& name : names("sd")) {
        foreign += name != "targets.json" && name.ends_with(".json") ? 1 : 0;
      }
    }
  });
  for (int i = 0; i < 1000; ++i)
    ASSERT_TRUE(*replace_file(path("sd/targets.json"), groups(2 + i % 500)));
  reader.request_stop();
  reader.join();
  EXPECT_GT(reads, 100);
  EXPECT_EQ(invalid, 0);
  EXPECT_EQ(foreign, 0);
  EXPECT_EQ(names("sd"), Names{"targets.json"});
}

}  // namespace
}  // namespace promster
