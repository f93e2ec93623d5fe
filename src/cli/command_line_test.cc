#include "cli/command_line.h"

#include <gtest/gtest.h>

#include <sstream>

#include "base/version.h"
#include "cli/commands.h"

namespace promster {
namespace {

using Strings = std::vector<std::string>;

struct Answer {
  int exit_code = -1;
  std::string out, err;
};

// Commands that say what they were called with.
int show(const CommandCall& call) {
  call.out << "interval=" << call.loaded.settings.scrape.interval.count();
  for (const auto& [name, value] : call.options) call.out << " " << name << "=" << value;
  for (const std::string& word : call.positionals) call.out << " " << word;
  return 0;
}

std::vector<Command> commands() {
  return {{.name = "run", .summary = "runs", .takes_settings = true, .run = show},
          {.name = "play",
           .summary = "plays",
           .options = {{.name = "--loud", .help = "be heard"},
                       {.name = "--times",
                        .kind = CommandOption::Kind::kNumber,
                        .fallback = "3",
                        .help = "how often"},
                       {.name = "-o,--output",
                        .kind = CommandOption::Kind::kText,
                        .fallback = "table",
                        .help = "form",
                        .choices = {"table", "json"}}},
           .positionals = "[what]",
           .run = show},
          {.name = "look",
           .summary = "looks",
           .takes_settings = true,
           .bears_bad_settings = true,
           .run = show}};
}

Answer call(const Strings& arguments, std::map<std::string, std::string> environment,
            const std::vector<Command>& table = commands()) {
  std::ostringstream out, err;
  const int code = run_command_line(
      table,
      {.arguments = arguments, .environment = std::move(environment), .out = out, .err = err});
  return {code, out.str(), err.str()};
}

Answer call(const Strings& arguments) {
  return call(arguments, {{"SCRAPE_ETCD_URL", "e:1"}, {"SCRAPE_ETCD_PATH", "/t"}});
}

TEST(CommandLine, RunIsTheCommandWhereNoneIsNamed) {
  EXPECT_EQ(call({}).out, "interval=30000");
  EXPECT_EQ(call({"--scrape.interval=5s"}).out, "interval=5000");
  EXPECT_EQ(call({"run", "--scrape.interval=5s"}).out, "interval=5000");
  EXPECT_EQ(call({"-scrape-interval", "5s", "run"}).out, "interval=5000");
}

TEST(CommandLine, ReadsTheOptionsOfACommand) {
  EXPECT_EQ(call({"play"}).out, "interval=30000 --loud= --output=table --times=3");
  EXPECT_EQ(call({"play", "--loud", "--times", "5", "-o", "json", "a", "b"}).out,
            "interval=30000 --loud=true --output=json --times=5 a b");
}

TEST(CommandLine, RefusesWhatIsNoValueOfAnOption) {
  for (const Strings& arguments :
       {Strings{"play", "--times=x"}, Strings{"play", "--times=-1"}, Strings{"play", "--times=1.5"},
        Strings{"play", "-o", "yaml"}, Strings{"play", "--times"}}) {
    const Answer answer = call(arguments);
    EXPECT_EQ(answer.exit_code, kExitUsage) << arguments.back();
    EXPECT_EQ(answer.out, "");
    EXPECT_TRUE(answer.err.starts_with("promster: ")) << answer.err;
  }
}

TEST(CommandLine, WhatStandsBehindTwoDashesReachesTheCommandAsItIs) {
  EXPECT_EQ(call({"play", "--loud", "--", "run", "--times=9", "-x", "--", "--help"}).out,
            "interval=30000 --loud=true --output=table --times=3 run --times=9 -x -- --help");
  EXPECT_EQ(call({"look", "--", "x"}).exit_code, kExitUsage);
}

TEST(CommandLine, UnknownFlagsGetASuggestion) {
  const Answer answer = call({"--scrape.intervall", "5s", "-scrape-etcd-ulr=x", "--lou"});
  EXPECT_EQ(answer.exit_code, kExitUsage);
  EXPECT_EQ(answer.err,
            "promster: --scrape.intervall is no flag; did you mean --scrape.interval?\n"
            "promster: --scrape-etcd-ulr is no flag; did you mean --scrape-etcd-url?\n"
            "promster: --lou is no flag; did you mean --loud?\n");
  EXPECT_EQ(call({"play", "--lou"}).err,
            "promster: --lou is no flag of play; did you mean --loud?\n");
}

TEST(CommandLine, AFlagOfAnotherCommandIsNotSuggested) {
  EXPECT_EQ(call({"look", "--loud"}).err,
            "promster: --loud is no flag of look; try: promster help look\n");
  EXPECT_EQ(call({"play", "--scrape.intervall=5s"}).err,
            "promster: --scrape.intervall is no flag of play; try: promster help play\n");
  EXPECT_EQ(call({"--loud"}).err, "promster: --loud is no flag; try: promster --help\n");
}

TEST(CommandLine, WhatIsWrongWithAnOptionIsSaidInPlainWords) {
  const std::string help = "; try: promster help play\n";
  EXPECT_EQ(call({"play", "--times=1", "--times=2"}).err,
            "promster: --times; it is given more than once" + help);
  EXPECT_EQ(call({"play", "--times"}).err, "promster: --times; its value is missing" + help);
  EXPECT_EQ(call({"play", "--times=x"}).err, "promster: --times; \"x\" is no whole number" + help);
  EXPECT_EQ(call({"play", "-o", "yaml"}).err,
            "promster: --output; \"yaml\" is none of table, json" + help);
}

TEST(CommandLine, UnknownCommandsGetASuggestion) {
  const Answer answer = call({"plya"});
  EXPECT_EQ(answer.exit_code, kExitUsage);
  EXPECT_EQ(answer.err, "promster: \"plya\" is no command; did you mean play?\n");
}

TEST(CommandLine, AWordTooManyIsNotSaidAgain) {
  const Answer answer = call({"look", "secret"});
  EXPECT_EQ(answer.exit_code, kExitUsage);
  EXPECT_EQ(answer.err, "promster: look takes no words; try: promster help look\n");
}

TEST(CommandLine, BadSettingsNeverReachTheCommand) {
  const Answer answer = call({"--scrape.interval=5", "--log.level=loud"}, {});
  EXPECT_EQ(answer.exit_code, kExitUsage);
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(std::count(answer.err.begin(), answer.err.end(), '\n'), 4);
}

TEST(CommandLine, ButForACommandThatNeedsFew) {
  EXPECT_EQ(call({"look", "--scrape.interval=5s"}, {}).out, "interval=5000");
}

TEST(CommandLine, ACommandWithoutSettingsTakesNone) {
  const Answer answer = call({"play", "--scrape.interval=5s"});
  EXPECT_EQ(answer.exit_code, kExitUsage);
  EXPECT_TRUE(
      answer.err.starts_with("promster: --scrape.interval is no flag of play; try: promster help"));
}

TEST(CommandLine, ErrorsAreOneLineEach) {
  const Answer answer = call({"--no\nsuch=\x1b[31m"});
  EXPECT_EQ(std::count(answer.err.begin(), answer.err.end(), '\n'), 1);
  EXPECT_EQ(answer.err.find('\x1b'), std::string::npos);
}

TEST(CommandLine, HelpNamesTheCommandsAndFitsOnAScreen) {
  const Answer answer = call({"--help"}, {}, all_commands());
  EXPECT_EQ(answer.exit_code, kExitFine);
  for (const Command& command : all_commands()) {
    EXPECT_NE(answer.out.find("  " + command.name + " "), std::string::npos) << command.name;
  }
  EXPECT_NE(answer.out.find("promster help settings"), std::string::npos);
  EXPECT_LE(std::count(answer.out.begin(), answer.out.end(), '\n'), 48);
  EXPECT_EQ(call({"help"}, {}, all_commands()).out, answer.out);
  EXPECT_EQ(call({"-h"}, {}, all_commands()).out, answer.out);
}

TEST(CommandLine, TheWholeHelpHasAllSettingsAndCompatibility) {
  const Answer all = call({"--help-all"}, {}, all_commands());
  EXPECT_EQ(all.exit_code, kExitFine);
  for (const char* part :
       {"check", "healthcheck", "--scrape.interval=DURATION, SCRAPE_INTERVAL",
        "RECORD_RULE_<n>_NAME", "compatibility", "--scrape-match is --scrape.match-regex",
        "--scrape.shard=false, SCRAPE_SHARD_ENABLE"}) {
    EXPECT_NE(all.out.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(all.out.find("--etcd.password,"), std::string::npos);
  const Answer settings = call({"help", "settings"}, {}, all_commands());
  EXPECT_NE(all.out.find("\n\n" + settings.out), std::string::npos);
  const Answer check = call({"check", "--help-all"}, {}, all_commands());
  EXPECT_EQ(check.out, call({"help", "check"}, {}, all_commands()).out + "\n" + settings.out);
}

TEST(CommandLine, EveryCommandExplainsItself) {
  for (const Command& command : all_commands()) {
    const Answer answer = call({command.name, "--help"}, {}, all_commands());
    EXPECT_EQ(answer.exit_code, kExitFine) << command.name;
    EXPECT_NE(answer.out.find(command.summary), std::string::npos) << answer.out;
    const bool settings = answer.out.find("promster help settings, or") != std::string::npos;
    EXPECT_EQ(settings, command.takes_settings) << command.name;
    EXPECT_LE(std::count(answer.out.begin(), answer.out.end(), '\n'), 60) << command.name;
    EXPECT_EQ(call({"help", command.name}, {}, all_commands()).out, answer.out);
  }
}

TEST(CommandLine, HelpOnNothingGetsASuggestion) {
  const Answer answer = call({"help", "setings"}, {}, all_commands());
  EXPECT_EQ(answer.exit_code, kExitUsage);
  EXPECT_EQ(answer.err, "promster: help; there is none on \"setings\"; did you mean settings?\n");
}

TEST(CommandLine, Version) {
  const std::string line = std::string("promster ") + kVersion + "\n";
  EXPECT_EQ(call({"version"}, {}, all_commands()).out, line);
  EXPECT_EQ(call({"--version"}, {}, all_commands()).out, line);
}

TEST(ConfigCommand, PrintsEverySettingWithItsSourceAndNoSecret) {
  const std::map<std::string, std::string> environment{
      {"SCRAPE_ETCD_URL", "e:1"},          {"SCRAPE_ETCD_PATH", "/t"},
      {"PROMSTER_ETCD_USERNAME", "u"},     {"PROMSTER_ETCD_PASSWORD", "hunter2"},
      {"RECORD_RULE_1_NAME", "level1:up"}, {"RECORD_RULE_1_EXPR", "sum(up{job=\"a\"})"}};
  const Answer table = call({"config", "--scrape-interval=5s"}, environment, all_commands());
  EXPECT_EQ(table.exit_code, kExitFine) << table.err;
  EXPECT_NE(table.out.find("--scrape-interval"), std::string::npos);
  EXPECT_NE(table.out.find("level1:up = sum(up{job=\"a\"})"), std::string::npos);
  const Answer json = call({"config", "-o", "json"}, environment, all_commands());
  EXPECT_NE(json.out.find("{\"name\": \"etcd.password\", \"value\": \"********\", \"source\": "
                          "\"PROMSTER_ETCD_PASSWORD\"}"),
            std::string::npos);
  EXPECT_EQ((table.out + table.err + json.out + json.err).find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace promster
