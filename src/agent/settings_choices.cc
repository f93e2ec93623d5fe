#include "agent/settings_choices.h"

#include <initializer_list>
#include <utility>

#include "agent/settings_values.h"
#include "base/text.h"
#include "core/label_list.h"
#include "core/labels.h"
#include "core/mask_url.h"
#include "core/regex.h"

namespace promster {
namespace {

using Text = std::string_view;

// A text that must be one of a few words.
template <class T>
Result<T> one_of(Text text, std::initializer_list<std::pair<Text, T>> choices) {
  std::string words;
  for (const auto& [word, value] : choices) {
    if (word == text) return value;
    words += (words.empty() ? "" : ", ") + std::string(word);
  }
  return Error{"\"" + printable(text) + "\" is none of the values there are; try: " + words};
}

}  // namespace

Result<LogLevel> read_log_level(Text text) {
  if (text == "warn") return LogLevel::kWarning;
  return one_of<LogLevel>(text, {{"info", LogLevel::kInfo},
                                 {"debug", LogLevel::kDebug},
                                 {"warning", LogLevel::kWarning},
                                 {"error", LogLevel::kError}});
}

Result<LogFormat> read_log_format(Text text) {
  return one_of<LogFormat>(text, {{"logfmt", LogFormat::kLogfmt}, {"json", LogFormat::kJson}});
}

Result<ShardAlgorithm> read_algorithm(Text text) {
  return one_of<ShardAlgorithm>(text, {{"auto", ShardAlgorithm::kAuto},
                                       {"bounded", ShardAlgorithm::kBounded},
                                       {"legacy", ShardAlgorithm::kLegacy}});
}

Result<ReloadMethod> read_reload_method(Text text) {
  return one_of<ReloadMethod>(text, {{"auto", ReloadMethod::kAuto},
                                     {"http", ReloadMethod::kHttp},
                                     {"signal", ReloadMethod::kSignal}});
}

Result<std::string> read_scheme(Text text) {
  return one_of<std::string>(text, {{"http", "http"}, {"https", "https"}});
}

Result<std::string> read_regex(Text text) {
  const auto checked = check_regex(text);
  if (checked) return read_line(text);
  return Error{"\"" + std::string(text) +
               "\" is no regular expression: " + checked.error().message + "; try: level1:.*"};
}

Result<std::string> read_shard_key(Text text) {
  if (is_label_name(text)) return std::string(text);
  return Error{"\"" + printable(text) + "\" is no label name; try: address, or a label"};
}

Result<std::string> read_route_prefix(Text text) {
  if (!text.starts_with('/')) {
    return Error{"\"" + printable(text) + "\" does not start with a slash; try: /" +
                 std::string(text)};
  }
  return read_line(text);
}

Result<std::vector<std::string>> read_urls(Text text) {
  std::vector<std::string> urls;
  for (const std::string& item : read_items(text)) {
    if (item.empty()) continue;
    auto url = read_url(item);
    if (!url) return url.error();
    urls.push_back(*std::move(url));
  }
  return urls;
}

Result<std::string> read_remote_write_url(Text text) {
  const std::size_t query = text.find('?');
  const auto base = read_url(text.substr(0, query));
  if (!base) {
    return Error{base.error().message +
                 "; what it cannot say goes into a base config's remote_write"};
  }
  const std::string rest(query == Text::npos ? Text() : text.substr(query));
  if (!is_utf8(rest) || has_control(rest) || rest.find_first_of(" #") != std::string::npos) {
    return Error{"\"" + printable(mask_urls(text)) +
                 "\" is no URL; try: https://host/api/v1/write"};
  }
  // As it is written: a slash at the end of a path is part of it.
  return std::string(text);
}

Result<Labels> read_external_labels(Text text) {
  LabelList list = read_label_list(text);
  for (const auto& [name, value] : list.labels.pairs()) {
    for (std::size_t at = value.find("%{"); at != value.npos; at = value.find("%{", at + 1)) {
      const Text rest = Text(value).substr(at);
      if (rest.starts_with("%{node}") || rest.starts_with("%{service}")) continue;
      list.faults.push_back("\"" + printable(value) +
                            "\" names what is not known; try: %{node} or " + "%{service}");
    }
  }
  if (!list.faults.empty()) return Error{list.faults.front()};
  return std::move(list.labels);
}

}  // namespace promster
