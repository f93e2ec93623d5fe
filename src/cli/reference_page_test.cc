#include "cli/reference_page.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "base/file.h"
#include "base/process.h"
#include "cli/commands.h"
#include "cli/setting_groups.h"
#include "cluster/temp_dir.h"

namespace promster {
namespace {

std::string page(const std::vector<ReferencePage>& pages, const std::string& file) {
  const auto found = std::ranges::find(pages, file, &ReferencePage::file);
  return found == pages.end() ? "there is no " + file : found->text;
}

// What groff shows and what it warns of, in plain text.
std::string shown(const ReferencePage& page) {
  const auto dir = TempDir::make("promster-man-test");
  if (!dir) return dir.error().message;
  std::ofstream(dir->file(page.file)) << page.text;
  const auto done =
      run_program({"groff", "-man", "-Tutf8", "-P-cbou", "-ww", "-rLL=150n", dir->file(page.file)},
                  Duration(30'000));
  return done ? done->text : done.error().message;
}

std::vector<Command> one_command() {
  return {{.name = "play",
           .summary = "plays .what you have",
           .about = ".it 'plays' \\fBfor ever",
           .takes_settings = true,
           .options = {{.name = "-t,--times",
                        .kind = CommandOption::Kind::kNumber,
                        .fallback = "3",
                        .help = "how often | if at all"}},
           .positionals = "[WHAT]",
           .examples = {{"promster play \"it\" --times=5", "plays it <often>."}},
           .exits = {{0, "played"}}}};
}

TEST(Reference, IsFresh) {
  for (const ReferencePage& page : markdown_pages(all_commands(), setting_table())) {
    const auto committed = read_file(PROMSTER_SOURCE_DIR "/docs/reference/" + page.file);
    ASSERT_TRUE(committed) << committed.error().message;
    EXPECT_TRUE(*committed == page.text)
        << "docs/reference/" << page.file << "; it says something else than the program; try: "
        << "promster docs markdown docs/reference";
  }
}

TEST(Reference, EveryCommandHasAnExample) {
  for (const Command& command : all_commands()) {
    EXPECT_FALSE(command.examples.empty()) << command.name;
    for (const CommandExample& example : command.examples) {
      EXPECT_NE(example.call.find("promster"), std::string::npos) << command.name;
    }
  }
}

TEST(MarkdownPages, HaveAllOfACommandAndNothingThatBreaksATable) {
  const std::string text = page(markdown_pages(one_command(), setting_table()), "commands.md");
  for (const char* part :
       {"| [`play`](#promster-play) | plays .what you have |", "\n## promster play\n",
        "\npromster play [OPTIONS] [SETTINGS] [WHAT]\n",
        "| `-t` `--times N` | `3` | how often \\| if at all |",
        "# plays it <often>.\npromster play \"it\" --times=5\n", "Exit codes: 0 played."}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

TEST(MarkdownPages, HaveEverySettingButNoFlagOfASecret) {
  const std::string text = page(markdown_pages(one_command(), setting_table()), "settings.md");
  for (const SettingSpec& spec : setting_table()) {
    EXPECT_NE(text.find("`" + std::string(spec.environment) + "`"), std::string::npos) << spec.name;
    const std::string name = "`--" + std::string(spec.name) + flag_value(spec) + "`";
    const bool flag = text.find(name) != std::string::npos;
    EXPECT_EQ(flag, !spec.secret) << spec.name;
    if (!spec.alias.empty()) {
      EXPECT_NE(text.find("`--" + std::string(spec.alias) + "`"), std::string::npos) << spec.alias;
    }
  }
  EXPECT_NE(text.find("`RECORD_RULE_<n>_EXPR`"), std::string::npos);
}

TEST(ManPages, ThereIsOneOfEachCommandAndGroffHasNothingToSay) {
  ASSERT_TRUE(find_program("groff")) << "try: scripts/packages test";
  const auto pages = man_pages(all_commands(), setting_table());
  EXPECT_EQ(pages.size(), all_commands().size() + 2);
  for (const ReferencePage& one : pages) {
    const std::string text = shown(one);
    EXPECT_EQ(text.find("troff: "), std::string::npos) << text.substr(text.find("troff: "), 200);
    EXPECT_NE(text.find("NAME\n"), std::string::npos) << one.file;
    EXPECT_NE(text.find("SEE ALSO\n"), std::string::npos) << one.file;
  }
}

TEST(ManPages, ShowTextAsItIs) {
  const auto pages = man_pages(one_command(), setting_table());
  const std::string text = shown({"promster-play.1", page(pages, "promster-play.1")});
  for (const char* part :
       {"promster-play - plays .what you have", ".it 'plays' \\fBfor ever",
        "promster play [OPTIONS] [SETTINGS] [WHAT]", "-t, --times N\n",
        "how often | if at all (default 3)", "promster play \"it\" --times=5\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

TEST(ManPages, HaveEverySetting) {
  const auto pages = man_pages(one_command(), setting_table());
  const std::string text = shown({"promster-settings.5", page(pages, "promster-settings.5")});
  for (const SettingSpec& spec : setting_table()) {
    EXPECT_NE(text.find(spec.environment), std::string::npos) << spec.name;
    const std::string name = "--" + std::string(spec.name) + flag_value(spec) + ",";
    EXPECT_EQ(text.find(name) != std::string::npos, !spec.secret) << spec.name;
  }
}

}  // namespace
}  // namespace promster
