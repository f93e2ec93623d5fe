#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "base/result.h"

// The texts of settings -> values. Every error reads `what; why; try: the mend` (what and why may
// be one) and never repeats a password. Pure functions, any thread.
namespace promster {

// Go's words (strconv.ParseBool): 1, t, T, true, True, TRUE and their opposites.
Result<bool> read_bool(std::string_view text);

// A Prometheus duration above zero.
Result<Duration> read_duration(std::string_view text);

// "auto", which is no value; or a Prometheus duration, zero among them.
Result<std::optional<Duration>> read_auto_duration(std::string_view text);

// "inf", which is no value; or a Prometheus duration, zero among them.
Result<std::optional<Duration>> read_endless_duration(std::string_view text);

// A Prometheus duration above zero, or a bare number of seconds, as the original's REGISTRY_TTL;
// whole seconds, since etcd knows no others.
Result<Duration> read_ttl(std::string_view text);

// A whole number of `least` to `most`.
Result<std::int64_t> read_number(std::string_view text, std::int64_t least, std::int64_t most);

// A number of at least zero, such as 0.1.
Result<double> read_ratio(std::string_view text);

// Items separated by commas, trimmed; empty ones are kept, for who wants to speak of them.
std::vector<std::string> read_items(std::string_view text);

// Words separated by spaces; single or double quotes keep a space in a word.
Result<std::vector<std::string>> read_words(std::string_view text);
// The text from which read_words reads these words.
std::string join_words(std::span<const std::string> words);

// host:port, IPv6 in brackets.
Result<std::string> read_address(std::string_view text);

// host:port, or :port for every address of the machine; port 0 is any free one.
Result<std::string> read_listen_address(std::string_view text);

// http:// or https://, a host, and nothing behind the path.
Result<std::string> read_url(std::string_view text);

// etcd endpoints, separated by commas: host:port, with http:// (the default) or https:// before it.
Result<std::vector<std::string>> read_endpoints(std::string_view text);

// Address ranges such as 10.0.0.0/8 or fe80::/10, and addresses alone, separated by commas.
Result<std::vector<std::string>> read_cidrs(std::string_view text);

// Text on one line, UTF-8.
Result<std::string> read_line(std::string_view text);

}  // namespace promster
