#include "base/log.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "base/text.h"

namespace promster {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames{"debug", "info", "warning", "error"};

std::string timestamp() {
  using namespace std::chrono;
  const auto now = system_clock::now();
  const std::time_t seconds = system_clock::to_time_t(now);
  const auto milliseconds = duration_cast<std::chrono::milliseconds>(now.time_since_epoch()) % 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 80> text;
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900,
                utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                static_cast<int>(milliseconds.count()));
  return text.data();
}

// The control characters of U+0080 and above, which terminals and readers of lines obey as well:
// their length in bytes at the front of `text`, and 0 where there is none.
std::size_t high_control(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.size() >= 2 && byte(0) == 0xc2 && byte(1) < 0xa0) return 2;
  if (text.starts_with("\xe2\x80\xa8") || text.starts_with("\xe2\x80\xa9")) return 3;
  return 0;
}

std::string escaped(unsigned code_point) {
  std::array<char, 7> text;
  std::snprintf(text.data(), text.size(), "\\u%04x", code_point & 0xffff);
  return text.data();
}

// In double quotes, with what JSON and logfmt both must escape escaped, and every control
// character.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text[0]);
    const std::size_t control = high_control(text);
    if (control == 2) {
      out += escaped(static_cast<unsigned char>(text[1]));
    } else if (control == 3) {
      out += escaped(0x2000u | (static_cast<unsigned char>(text[2]) - 0x80u));
    } else if (byte == '"' || byte == '\\') {
      out += {'\\', text[0]};
    } else if (byte == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += escaped(byte);
    } else {
      out += text[0];
    }
    text.remove_prefix(std::max<std::size_t>(control, 1));
  }
  return out + "\"";
}

// Logfmt quotes only what needs it; text that is no UTF-8 is first made printable.
std::string logfmt_value(std::string_view text) {
  if (!is_utf8(text)) return quoted(printable(text, 4096));
  const bool plain =
      !text.empty() && text.find_first_of(" \"=\\") == std::string_view::npos && !has_control(text);
  return plain ? std::string(text) : quoted(text);
}

std::string json_value(std::string_view text) {
  return quoted(is_utf8(text) ? std::string(text) : printable(text, 4096));
}

}  // namespace

Result<LogLevel> parse_log_level(std::string_view text) {
  if (text == "warn") return LogLevel::kWarning;
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    if (kLevelNames[i] == text) return static_cast<LogLevel>(i);
  }
  return Error{"\"" + std::string(text) + "\" is no log level; use debug, info, warning or error"};
}

Result<LogFormat> parse_log_format(std::string_view text) {
  if (text == "logfmt") return LogFormat::kLogfmt;
  if (text == "json") return LogFormat::kJson;
  return Error{"\"" + std::string(text) + "\" is no log format; use logfmt or json"};
}

void Log::debug(std::string_view message, Fields fields) const {
  write(LogLevel::kDebug, message, fields);
}
void Log::info(std::string_view message, Fields fields) const {
  write(LogLevel::kInfo, message, fields);
}
void Log::warning(std::string_view message, Fields fields) const {
  write(LogLevel::kWarning, message, fields);
}
void Log::error(std::string_view message, Fields fields) const {
  write(LogLevel::kError, message, fields);
}

void Log::write(LogLevel level, std::string_view message, Fields fields) const {
  if (level < least_) return;
  const bool json = format_ == LogFormat::kJson;
  const std::string_view level_name = kLevelNames[static_cast<std::size_t>(level)];
  std::string line;
  const auto add = [&](std::string_view key, std::string_view value) {
    if (!line.empty()) line += json ? "," : " ";
    line +=
        json ? quoted(key) + ":" + json_value(value) : std::string(key) + "=" + logfmt_value(value);
  };
  add("ts", timestamp());
  add("level", level_name);
  add("msg", message);
  for (const Field& field : fields) add(field.key, field.value);
  if (json) line = "{" + line + "}";
  line += "\n";
  // A log line that cannot be written has nowhere to be reported.
  [[maybe_unused]] const ssize_t ignored = ::write(fd_, line.data(), line.size());
}

}  // namespace promster
