#include "cli/command_help.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

TEST(CommandHelp, SaysAllThatTheModelHolds) {
  const Command command{
      .name = "play",
      .summary = "plays",
      .about = "It plays until it is stopped.",
      .takes_settings = true,
      .options = {{.name = "--loud", .help = "be heard"},
                  {.name = "-t,--times",
                   .kind = CommandOption::Kind::kNumber,
                   .fallback = "3",
                   .help = "how often"},
                  {.name = "--score",
                   .kind = CommandOption::Kind::kText,
                   .help = "what to play",
                   .value = "FILE"}},
      .positionals = "[WHAT]",
      .examples = {{"promster play --loud", "is heard."}},
      .exits = {{0, "played"}, {3, "played badly"}},
  };
  EXPECT_EQ(command_help(command),
            "promster play: plays\n"
            "\n"
            "It plays until it is stopped.\n"
            "\n"
            "Usage: promster play [OPTIONS] [SETTINGS] [WHAT]\n"
            "\n"
            "Options:\n"
            "  --loud         be heard\n"
            "  -t, --times N  how often (default 3)\n"
            "  --score FILE   what to play\n"
            "\n"
            "Settings, as flags, variables or in a file:\n"
            "  promster help settings, or docs/reference/settings.md\n"
            "\n"
            "Examples:\n"
            "  promster play --loud\n"
            "      is heard.\n"
            "\n"
            "Exit codes:\n"
            "  0  played\n"
            "  3  played badly\n");
}

TEST(CommandHelp, OfACommandWithNothingIsShort) {
  EXPECT_EQ(command_help({.name = "rest", .summary = "rests"}),
            "promster rest: rests\n"
            "\n"
            "Usage: promster rest\n"
            "\n"
            "Exit codes:\n"
            "  0  fine\n"
            "  1  failed\n"
            "  2  wrong usage or settings\n");
}

TEST(CommandHelp, NamesTheValueOfAnOptionByItsChoices) {
  EXPECT_EQ(output_option().value_name(), "table|json");
  EXPECT_EQ(output_option().long_name(), "--output");
  EXPECT_EQ(output_option().short_name(), "-o");
}

}  // namespace
}  // namespace promster
