#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"

namespace promster {

enum class LogLevel { kDebug, kInfo, kWarning, kError };
enum class LogFormat { kLogfmt, kJson };

// Reads debug, info, warning or warn, error; logfmt, json.
Result<LogLevel> parse_log_level(std::string_view text);
Result<LogFormat> parse_log_format(std::string_view text);

// Writes one line an event to a file descriptor, in logfmt or JSON, with the time in UTC:
//   ts=2026-11-22T07:25:41.123Z level=info msg="targets written" targets=4 revision=812
// Values are escaped, so that text from outside can never start a line or a field of its own.
//
// Thread rule: every function from any thread (a line is a single write).
class Log {
 public:
  struct Field {
    std::string_view key;
    std::string value;
  };
  using Fields = std::initializer_list<Field>;

  // `fd` must stay open as long as the Log lives; it is not closed.
  explicit Log(LogLevel least = LogLevel::kInfo, LogFormat format = LogFormat::kLogfmt, int fd = 2)
      : least_(least), format_(format), fd_(fd) {}

  void debug(std::string_view message, Fields fields = {}) const;
  void info(std::string_view message, Fields fields = {}) const;
  void warning(std::string_view message, Fields fields = {}) const;
  void error(std::string_view message, Fields fields = {}) const;

 private:
  void write(LogLevel level, std::string_view message, Fields fields) const;

  LogLevel least_;
  LogFormat format_;
  int fd_;
};

}  // namespace promster
