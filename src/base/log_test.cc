#include "base/log.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <regex>
#include <string>

#include "base/text.h"

namespace promster {
namespace {

// A log whose lines can be read back.
class LogPipe {
 public:
  LogPipe() {
    if (::pipe(ends_.data()) != 0) std::abort();
  }
  ~LogPipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  LogPipe(const LogPipe&) = delete;
  LogPipe& operator=(const LogPipe&) = delete;

  Log log(LogLevel least, LogFormat format) const { return Log(least, format, ends_[1]); }

  // All that was written, without the time, which is checked to be one.
  std::string take() {
    std::array<char, 64 << 10> buffer;
    const ssize_t got =
        ::write(ends_[1], "", 1) == 1 ? ::read(ends_[0], buffer.data(), buffer.size()) : 0;
    std::string text(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(1, got) - 1));
    static const std::regex time("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    return std::regex_replace(text, time, "TIME");
  }

 private:
  std::array<int, 2> ends_{};
};

std::string logfmt(std::string_view message, Log::Fields fields) {
  LogPipe pipe;
  pipe.log(LogLevel::kInfo, LogFormat::kLogfmt).info(message, fields);
  return pipe.take();
}

std::string json(std::string_view message, Log::Fields fields) {
  LogPipe pipe;
  pipe.log(LogLevel::kInfo, LogFormat::kJson).info(message, fields);
  return pipe.take();
}

TEST(LogTest, WritesLogfmt) {
  EXPECT_EQ(logfmt("targets written", {{"targets", "4"}, {"node", "10.0.0.1:9090"}}),
            "ts=TIME level=info msg=\"targets written\" targets=4 node=10.0.0.1:9090\n");
}

// U+009B starts an escape sequence of a terminal, U+2028 a line.
TEST(LogTest, EscapesEveryControlCharacter) {
  EXPECT_EQ(logfmt("m", {{"key",
                          "a\xc2\x9b"
                          "b\xe2\x80\xa8"
                          "c\x1b\t"}}),
            "ts=TIME level=info msg=m key=\"a\\u009bb\\u2028c\\u001b\\u0009\"\n");
  EXPECT_EQ(json("m\xc2\x85\xe2\x80\xa9", {}),
            "{\"ts\":\"TIME\",\"level\":\"info\",\"msg\":\"m\\u0085\\u2029\"}\n");
}

TEST(LogTest, WritesJson) {
  EXPECT_EQ(json("targets written", {{"targets", "4"}}),
            "{\"ts\":\"TIME\",\"level\":\"info\",\"msg\":\"targets written\",\"targets\":\"4\"}\n");
}

TEST(LogTest, LeavesOutWhatIsBelowItsLevel) {
  LogPipe pipe;
  const Log log = pipe.log(LogLevel::kWarning, LogFormat::kLogfmt);
  log.debug("a");
  log.info("b");
  log.warning("c");
  log.error("d");
  EXPECT_EQ(pipe.take(), "ts=TIME level=warning msg=c\nts=TIME level=error msg=d\n");
}

TEST(LogTest, QuotesWhatNeedsIt) {
  EXPECT_EQ(logfmt("m", {{"a", ""}, {"b", "x=y"}, {"c", "say \"hi\""}, {"d", "back\\slash"}}),
            "ts=TIME level=info msg=m a=\"\" b=\"x=y\" c=\"say \\\"hi\\\"\" d=\"back\\\\slash\"\n");
}

TEST(LogTest, TextFromOutsideStartsNoLineAndNoField) {
  EXPECT_EQ(logfmt("a\nlevel=error", {{"key", "\x1b[2J\r\n"}}),
            "ts=TIME level=info msg=\"a\\nlevel=error\" key=\"\\u001b[2J\\u000d\\n\"\n");
  EXPECT_EQ(logfmt("m", {{"key", "\xff"}}), "ts=TIME level=info msg=m key=\"\\\\xff\"\n");
  EXPECT_EQ(json("m", {{"key", "\",\"level\":\"error"}}),
            "{\"ts\":\"TIME\",\"level\":\"info\",\"msg\":\"m\",\"key\":\"\\\",\\\"level\\\":"
            "\\\"error\"}\n");
}

RC_GTEST_PROP(LogTest, EveryEventIsOneLineOfUtf8, ()) {
  const auto any = rc::gen::container<std::string>(rc::gen::elementOf(
      std::string("ab =\"\\\n\r\x1b\x7f\xff\xc3\xa9\xc2\x85") + std::string(1, '\0')));
  const std::string message = *any, value = *any;
  for (const std::string& line :
       {logfmt(message, {{"key", value}}), json(message, {{"key", value}})}) {
    RC_ASSERT(std::ranges::count(line, '\n') == 1);
    RC_ASSERT(line.ends_with('\n'));
    RC_ASSERT(is_utf8(line));
    RC_ASSERT(line.find_first_of("\r\x1b\x7f") == std::string::npos);
  }
}

TEST(LogTest, ReadsItsSettings) {
  EXPECT_EQ(*parse_log_level("debug"), LogLevel::kDebug);
  EXPECT_EQ(*parse_log_level("warn"), LogLevel::kWarning);
  EXPECT_EQ(*parse_log_level("warning"), LogLevel::kWarning);
  EXPECT_EQ(*parse_log_level("error"), LogLevel::kError);
  EXPECT_FALSE(parse_log_level("").ok());
  EXPECT_EQ(parse_log_level("loud").error().message,
            "\"loud\" is no log level; use debug, info, warning or error");
  EXPECT_EQ(*parse_log_format("json"), LogFormat::kJson);
  EXPECT_EQ(parse_log_format("xml").error().message,
            "\"xml\" is no log format; use logfmt or json");
}

}  // namespace
}  // namespace promster
