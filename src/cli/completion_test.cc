// The completions, asked in the shells that they are for.

#include "cli/completion.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cluster/temp_dir.h"

namespace promster {
namespace {

using Strings = std::set<std::string>;

const std::string kTestdata = PROMSTER_SOURCE_DIR "/src/cli/testdata/";

struct Shell {
  std::string name;
  std::string file;  // of the completion
  std::string (*script)(std::span<const Command>, std::span<const SettingSpec>);
  // Prints what completes `line`, with the completion in `dir`.
  std::vector<std::string> (*ask)(const std::string& dir, const std::string& line);
};

// The line as readline splits it: "=" is a word.
std::vector<std::string> ask_bash(const std::string& dir, const std::string& line) {
  std::vector<std::string> argv{"bash", kTestdata + "complete.bash", dir + "/promster.bash"};
  const auto words = split(line, ' ');
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string word(words[i]);
    const std::size_t equals = word.find('=');
    argv.push_back(word.substr(0, equals));
    if (equals == std::string::npos) continue;
    argv.emplace_back("=");
    if (equals + 1 < word.size()) argv.push_back(word.substr(equals + 1));
  }
  return argv;
}

// zsh completes only what is typed at a terminal; script(1) is one.
std::vector<std::string> ask_zsh(const std::string& dir, const std::string& line) {
  return {"env",
          "ZDOTDIR=" + dir,
          "OUT=" + dir + "/out",
          "LINE=" + line,
          "TERM=xterm",
          "sh",
          "-c",
          "cp " + kTestdata + "complete.zsh " + dir +
              "/.zshrc; : >$OUT; script -qec 'zsh -i' /dev/null >/dev/null; cat $OUT"};
}

std::vector<std::string> ask_fish(const std::string& dir, const std::string& line) {
  return {"fish", "--no-config", "-c",
          "source " + dir + "/promster.fish; complete -C \"" + line + "\""};
}

class CompletionTest : public testing::TestWithParam<Shell> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(find_program(GetParam().name)) << "try: scripts/packages test";
    auto dir = TempDir::make("promster-completion-test");
    ASSERT_TRUE(dir);
    dir_.emplace(std::move(*dir));
    std::ofstream(dir_->file(GetParam().file))
        << GetParam().script(all_commands(), setting_table());
  }

  // What may stand in place of the last word; descriptions and paths are left out.
  Strings complete(const std::string& line) {
    const auto done = run_program(GetParam().ask(dir_->path(), line), Duration(30'000));
    if (!done) return {"error: " + done.error().message};
    Strings found;
    for (const std::string_view text : split(done->text, '\n')) {
      std::string_view end = trim(split(text, '\t')[0]);
      if (end.starts_with("--") && end.find('=') != end.npos) end.remove_prefix(end.find('=') + 1);
      if (end.ends_with('/')) end.remove_suffix(1);
      if (end.rfind('/') != end.npos) end.remove_prefix(end.rfind('/') + 1);
      if (!end.empty()) found.emplace(end);
    }
    return found;
  }

  std::optional<TempDir> dir_;
};

TEST_P(CompletionTest, CompletesCommands) {
  EXPECT_EQ(complete("promster che"), Strings{"check"});
  Strings all;
  for (const Command& command : all_commands()) all.insert(command.name);
  EXPECT_EQ(complete("promster "), all);
}

TEST_P(CompletionTest, CompletesTheOptionsOfACommandAndOfNoOther) {
  EXPECT_EQ(complete("promster render --di"), Strings{"--diff"});
  EXPECT_EQ(complete("promster check --di"), Strings{});
  EXPECT_EQ(complete("promster version --"), (Strings{"--help", "--output"}));
}

TEST_P(CompletionTest, CompletesSettingsWhereACommandTakesThem) {
  EXPECT_EQ(complete("promster --scrape.int"), Strings{"--scrape.interval"});
  EXPECT_EQ(complete("promster check --scrape.int"), Strings{"--scrape.interval"});
  EXPECT_EQ(complete("promster version --scrape.int"), Strings{});
  EXPECT_EQ(complete("promster run --etcd.pass"), Strings{"--etcd.password-file"});
}

TEST_P(CompletionTest, CompletesChoices) {
  EXPECT_EQ(complete("promster config -o "), (Strings{"json", "table"}));
  EXPECT_EQ(complete("promster config --output j"), Strings{"json"});
  EXPECT_EQ(complete("promster check --scrape.scheme="), (Strings{"http", "https"}));
  EXPECT_EQ(complete("promster --log.format=l"), Strings{"logfmt"});
  EXPECT_EQ(complete("promster --log.format l"), Strings{"logfmt"});
  EXPECT_EQ(complete("promster --scrape.shard=f"), Strings{"false"});
}

TEST_P(CompletionTest, CompletesTheWordsOfACommand) {
  EXPECT_EQ(complete("promster completion "), (Strings{"bash", "fish", "zsh"}));
  EXPECT_EQ(complete("promster docs ma"), (Strings{"man", "markdown"}));
  EXPECT_EQ(complete("promster help setti"), Strings{"settings"});
}

TEST_P(CompletionTest, CompletesFilesAndFoldersWhereAValueIsOne) {
  std::ofstream(dir_->file("one.yml")) << "{}";
  std::filesystem::create_directory(dir_->file("one.dir"));
  const std::string start = dir_->path() + "/one";
  EXPECT_EQ(complete("promster --config.file " + start), (Strings{"one.dir", "one.yml"}));
  EXPECT_EQ(complete("promster --prometheus.config-dir " + start), Strings{"one.dir"});
  EXPECT_EQ(complete("promster docs man " + start), Strings{"one.dir"});
  EXPECT_EQ(complete("promster check " + start), Strings{});
}

TEST_P(CompletionTest, TheValueOfAFlagIsNoCommand) {
  EXPECT_EQ(complete("promster --log.format json vers"), Strings{"version"});
  EXPECT_EQ(complete("promster --registry.service=x vers"), Strings{"version"});
  if (GetParam().name == "fish") return;  // its own functions look at every word
  EXPECT_EQ(complete("promster --registry.service check vers"), Strings{"version"});
}

INSTANTIATE_TEST_SUITE_P(Shells, CompletionTest,
                         testing::Values(Shell{"bash", "promster.bash", bash_completion, ask_bash},
                                         Shell{"zsh", "_promster", zsh_completion, ask_zsh},
                                         Shell{"fish", "promster.fish", fish_completion, ask_fish}),
                         [](const auto& shell) { return shell.param.name; });

// Readline itself, at a terminal: what is typed with tabs reaches the command whole.
TEST(BashCompletion, WorksAtATerminal) {
  const auto dir = TempDir::make("promster-completion-test");
  ASSERT_TRUE(dir);
  std::ofstream(dir->file("rc")) << bash_completion(all_commands(), setting_table())
                                 << "promster() { printf '%s\\n' \"$@\" >" << dir->file("out")
                                 << "; exit; }\n";
  const std::string typed = R"(promster rend\t--dif\t--log.form\tlogf\t--log.level=deb\t-o js\t\n)";
  const auto done =
      run_program({"env", "TERM=xterm", "sh", "-c",
                   "printf '" + typed + "' | script -qec 'bash --noprofile --rcfile " +
                       dir->file("rc") + " -i' /dev/null"},
                  Duration(30'000));
  ASSERT_TRUE(done) << done.error().message;
  const auto out = read_file(dir->file("out"));
  ASSERT_TRUE(out) << done->text;
  EXPECT_EQ(*out, "render\n--diff\n--log.format\nlogfmt\n--log.level=debug\n-o\njson\n");
}

}  // namespace
}  // namespace promster
