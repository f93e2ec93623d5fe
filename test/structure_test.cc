// The plan of the source tree, held against the tree: who may include whom, where third-party
// headers and shared state may be, how long a file may grow, and that every test is built.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace promster {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = PROMSTER_SOURCE_DIR;

// Each folder with the folders of ours that it may include, its own among them.
const std::map<std::string, std::set<std::string>> kMayInclude{
    {"base", {"base"}},
    {"core", {"base", "core"}},
    {"etcd", {"base", "core", "etcd"}},
    {"prom", {"base", "core", "prom"}},
    {"web", {"base", "core", "web"}},
    {"cluster", {"base", "core", "etcd", "prom", "web", "cluster"}},
    {"agent", {"base", "core", "etcd", "prom", "web", "agent"}},
    {"cli", {"base", "core", "etcd", "prom", "web", "agent", "cluster", "cli"}},
};

// Headers of others, by how they start, and the folders whose .cc files may include them.
const std::vector<std::pair<std::string, std::set<std::string>>> kThirdParty{
    {"grpc", {"etcd"}},
    {"google/protobuf", {"etcd"}},
    {"curl/", {"prom"}},
    {"boost/", {"web"}},
    {"prometheus/", {"web"}},
    {"CLI/", {"cli"}},
    {"xxhash", {"core"}},
    {"re2/", {"core", "agent"}},
    {"yaml-cpp/", {"core", "prom", "agent"}},
    {"nlohmann/", {"core", "prom", "cluster", "cli"}},
    {"openssl/", {"core", "web"}},
};

struct Source {
  fs::path path;
  std::string folder;  // "core"
  std::vector<std::string> lines;

  std::string name() const { return fs::relative(path, kRoot).string(); }
  bool is_header() const { return path.extension() == ".h"; }
  bool is_test() const {
    const std::string file = path.filename();
    return file.ends_with("_test.cc") || file.ends_with("_for_test.h");
  }
};

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Every .h and .cc below src/ and cluster/.
std::vector<Source> sources() {
  std::vector<Source> result;
  for (const auto& [folder, ignored] : kMayInclude) {
    const fs::path base = folder == "cluster" ? kRoot / folder : kRoot / "src" / folder;
    for (const auto& entry : fs::recursive_directory_iterator(base)) {
      const std::string extension = entry.path().extension();
      if (extension != ".h" && extension != ".cc") continue;
      result.push_back({.path = entry.path(), .folder = folder, .lines = lines_of(entry.path())});
    }
  }
  return result;
}

struct Include {
  std::string file;
  bool quoted = false;  // "..." is ours
};

std::vector<Include> includes_of(const Source& source) {
  static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> result;
  for (const std::string& line : source.lines) {
    std::smatch match;
    if (std::regex_search(line, match, pattern)) {
      result.push_back({.file = match[2], .quoted = match[1] == "\""});
    }
  }
  return result;
}

TEST(Structure, ThereIsSomethingToLookAt) {
  EXPECT_GT(sources().size(), 100u);
}

TEST(Structure, AFolderIncludesOnlyWhatLiesBelow) {
  for (const Source& source : sources()) {
    if (source.is_test()) continue;
    for (const Include& include : includes_of(source)) {
      const std::string folder = include.file.substr(0, include.file.find('/'));
      if (!include.quoted || !kMayInclude.contains(folder)) continue;
      EXPECT_TRUE(kMayInclude.at(source.folder).contains(folder))
          << source.name() << " includes " << include.file;
    }
  }
}

TEST(Structure, ThirdPartyHeadersAreInSourcesOfTheirFolderOnly) {
  for (const Source& source : sources()) {
    if (source.is_test()) continue;
    for (const Include& include : includes_of(source)) {
      for (const auto& [start, folders] : kThirdParty) {
        if (include.quoted || !include.file.starts_with(start)) continue;
        EXPECT_FALSE(source.is_header()) << source.name() << " includes " << include.file;
        EXPECT_TRUE(folders.contains(source.folder))
            << source.name() << " includes " << include.file;
      }
    }
  }
}

TEST(Structure, OnlyInboxAndPublishedShareStateBetweenThreads) {
  const std::regex shared(R"(std::(mutex|shared_mutex|atomic|condition_variable)|\.detach\(\))");
  for (const Source& source : sources()) {
    const std::string name = source.name();
    if (source.is_test() || name == "src/base/inbox.h" || name == "src/base/published.h") continue;
    for (const std::string& line : source.lines) {
      EXPECT_FALSE(std::regex_search(line, shared)) << name << ": " << line;
    }
  }
}

TEST(Structure, TheCoreHasNoClockFileOrLog) {
  const std::regex outside(
      R"(steady_clock::now|system_clock::now|<fstream>|<thread>|base/log\.h|<unistd)");
  for (const Source& source : sources()) {
    if (source.folder != "core" || source.is_test() || source.name() == "src/core/settings.h")
      continue;
    for (const std::string& line : source.lines) {
      EXPECT_FALSE(std::regex_search(line, outside)) << source.name() << ": " << line;
    }
  }
}

// Two types of one name in two folders would be one to the linker, which takes the functions of
// either.
TEST(Structure, ATypeIsDefinedInOneHeader) {
  const std::regex definition(R"(^(?:struct|class|enum class) (\w+)[^;]*\{)");
  std::map<std::string, std::string> header_of;
  for (const Source& source : sources()) {
    if (!source.is_header()) continue;
    for (const std::string& line : source.lines) {
      std::smatch match;
      if (!std::regex_search(line, match, definition)) continue;
      const auto [first, is_new] = header_of.emplace(match[1], source.name());
      EXPECT_TRUE(is_new) << match[1] << " is in " << first->second << " and in " << source.name();
    }
  }
}

TEST(Structure, FilesStayShort) {
  for (const Source& source : sources()) {
    EXPECT_LE(source.lines.size(), 400u) << source.name();
  }
  EXPECT_LE(lines_of(kRoot / "src/main.cc").size(), 60u);
}

// The files below a folder, but for those of whole systems that tests unpack in a build folder, and
// below the folders whose name starts with `without`.
std::vector<fs::path> files_below(const fs::path& folder, const std::string& without) {
  std::vector<fs::path> files;
  for (auto at = fs::recursive_directory_iterator(folder); at != fs::end(at); ++at) {
    const std::string name = at->path().filename();
    if (at->is_symlink() || name == "package-root" || name.starts_with(without)) {
      at.disable_recursion_pending();
    } else {
      files.push_back(at->path());
    }
  }
  return files;
}

TEST(Structure, EveryTestIsBuilt) {
  std::ostringstream known;
  for (const fs::path& file : files_below(PROMSTER_BINARY_DIR, "node_modules")) {
    if (file.filename() == "CTestTestfile.cmake") known << std::ifstream(file).rdbuf();
  }
  std::size_t tests = 0;
  for (const fs::path& file : files_below(kRoot, "build")) {
    const std::string name = file.lexically_relative(kRoot);
    if (!name.ends_with("_test.cc")) continue;
    ++tests;
    const std::string test = file.parent_path().filename() / file.stem();
    EXPECT_NE(known.str().find("add_test([=[" + test + "]=]"), std::string::npos)
        << name << " is in no test program";
  }
  EXPECT_GT(tests, 150u);
}

}  // namespace
}  // namespace promster
