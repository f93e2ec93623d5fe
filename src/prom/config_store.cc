#include "prom/config_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "core/render.h"
#include "prom/files.h"

namespace promster {
namespace {

constexpr std::string_view kLastGood = ".last-good";

// The file .last-good: this, the lengths of prometheus.yml and rules.yml in decimal, a space
// between them, a line end, then both files and the stamp.
constexpr std::string_view kLastGoodHead = "promster last good 2 ";

std::optional<std::string> content_of(const std::string& path) {
  auto content = read_file(path);
  return content ? std::optional(std::move(*content)) : std::nullopt;
}

// Makes the path hold the content, or nothing. Returns whether that changed it.
Result<bool> put_one(const std::string& path, const std::optional<std::string>& content,
                     const ReplaceOptions& how) {
  if (content) return replace_file(path, *content, how);
  if (::unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  return Error{"remove " + path + ": " + std::generic_category().message(errno)};
}

// How prometheus.yml is written: as the site's own file where that is not for everybody.
ReplaceOptions as_private_as(const BaseConfig& base) {
  struct stat status {};
  const bool there = base.given() && ::stat(base.file.c_str(), &status) == 0;
  if (!there || (status.st_mode & S_IROTH) != 0) return {};
  return {.mode = S_IRUSR | S_IWUSR | (status.st_mode & S_IRGRP),
          .owner = FileOwner{.user = status.st_uid, .group = status.st_gid}};
}

// The number that `rest` begins with, up to `end`, which are taken from it.
std::optional<std::size_t> take_length(std::string_view& rest, char end) {
  std::size_t length = 0;
  const char* const last = rest.data() + rest.size();
  const auto [stop, error] = std::from_chars(rest.data(), last, length);
  if (error != std::errc() || stop == last || *stop != end) return std::nullopt;
  rest = std::string_view(stop + 1, last);
  return length;
}

ConfigFiles files_of(const ApplyConfig& config) {
  return {config.prometheus_yml, config.rules_yml};
}

}  // namespace

ConfigStore::ConfigStore(std::string config_dir) : dir_(std::move(config_dir)) {
  // A directory that is missing or closed to us is told of by the first put().
  for (const std::string& directory : {dir_, dir_ + "/sd"}) {
    [[maybe_unused]] const auto removed = remove_left_over_files(directory);
  }
}

bool ConfigStore::holds(const ApplyConfig& config) const {
  if (read() != files_of(config)) return false;
  const ReplaceOptions how = as_private_as(config.base);
  const bool tolerated = tolerated_ && tolerated_ == privacy_of(how);
  return tolerated || !read_by_more(path(kPrometheusFile), how);
}

std::optional<ConfigStore::Privacy> ConfigStore::privacy_of(const ReplaceOptions& how) {
  if (!how.owner) return std::nullopt;
  return Privacy{.mode = how.mode, .user = how.owner->user, .group = how.owner->group};
}

bool ConfigStore::open_to_all(const ApplyConfig& config) {
  const auto privacy = privacy_of(as_private_as(config.base));
  if (!privacy || (opened_ && tolerated_ == privacy)) return false;
  if (::chmod(path(kPrometheusFile).c_str(), ReplaceOptions{}.mode) != 0) return false;
  tolerated_ = privacy;
  opened_ = true;
  return true;
}

std::optional<std::chrono::sys_seconds> ConfigStore::changed_at() const {
  std::time_t latest = 0;
  for (const std::string_view name : {kPrometheusFile, kRulesFile}) {
    struct stat status {};
    if (::stat(path(name).c_str(), &status) != 0) return std::nullopt;
    latest = std::max(latest, status.st_ctim.tv_sec);
  }
  return std::chrono::sys_seconds(std::chrono::seconds(latest));
}

ConfigFiles ConfigStore::read() const {
  return {content_of(path(kPrometheusFile)), content_of(path(kRulesFile))};
}

// sd/ must exist before Prometheus reads the configuration: it watches the directory, and looks for
// a missing one again only after minutes.
Result<std::vector<std::string>> ConfigStore::put(const ApplyConfig& config) {
  if (auto made = ensure_directory(path("sd")); !made) return made.error();
  ConfigFiles before = read();
  const ReplaceOptions how = as_private_as(config.base);
  auto written = put_files(files_of(config), how);
  if (written && !written->empty()) {
    if (!replaced_) replaced_ = std::move(before);
  } else if (!written && read() != before) {
    const auto restored = put_files(before, how);
    if (!restored) return Error{written.error().message + "; restore: " + restored.error().message};
  }
  return written;
}

// The rules come first: a new configuration may name what only the new rules have, and Prometheus
// reads nothing before it is told to.
Result<std::vector<std::string>> ConfigStore::put_files(const ConfigFiles& files,
                                                        const ReplaceOptions& how) {
  std::vector<std::string> changed;
  const auto privacy = privacy_of(how);
  if (tolerated_ != privacy) tolerated_.reset();
  const ReplaceOptions ours = tolerated_ && opened_ ? ReplaceOptions{} : how;
  for (const auto& [name, content] : {std::pair(kRulesFile, &files.rules_yml),
                                      std::pair(kPrometheusFile, &files.prometheus_yml)}) {
    const auto put =
        put_one(path(name), *content, name == kPrometheusFile ? ours : ReplaceOptions{});
    if (!put) return put.error();
    if (*put) changed.emplace_back(name);
  }
  if (!tolerated_ && read_by_more(path(kPrometheusFile), how)) {
    tolerated_ = privacy;
    opened_ = false;
  }
  return changed;
}

Result<bool> ConfigStore::put_targets(const std::string& json) {
  if (auto made = ensure_directory(path("sd")); !made) return made.error();
  return replace_file(path(kTargetsFile), json);
}

Result<void> ConfigStore::remember_good(const ApplyConfig& config) {
  const std::string content = std::string(kLastGoodHead) +
                              std::to_string(config.prometheus_yml.size()) + " " +
                              std::to_string(config.rules_yml.size()) + "\n" +
                              config.prometheus_yml + config.rules_yml + config.base.stamp;
  const auto written = replace_file(path(kLastGood), content, {.mode = 0600});
  if (!written) return written.error();
  replaced_.reset();
  return {};
}

std::optional<ConfigStore::LastGood> ConfigStore::last_good() const {
  const auto content = content_of(path(kLastGood));
  if (!content || !content->starts_with(kLastGoodHead)) return std::nullopt;
  std::string_view rest = std::string_view(*content).substr(kLastGoodHead.size());
  const auto yml = take_length(rest, ' ');
  const auto rules = take_length(rest, '\n');
  if (!yml || !rules || *yml > rest.size() || *rules > rest.size() - *yml) return std::nullopt;
  return LastGood{
      .files = {std::string(rest.substr(0, *yml)), std::string(rest.substr(*yml, *rules))},
      .stamp = std::string(rest.substr(*yml + *rules))};
}

std::string ConfigStore::good_stamp() const {
  const auto good = last_good();
  return good ? good->stamp : "";
}

Result<std::optional<ConfigFiles>> ConfigStore::go_back_from(const ApplyConfig& refused) {
  const auto good = last_good();
  std::optional<ConfigFiles> old = good ? std::optional(good->files) : std::nullopt;
  if (!old || *old == files_of(refused)) old = replaced_;
  if (!old || *old == files_of(refused)) return std::optional<ConfigFiles>();
  const auto put = put_files(*old, as_private_as(refused.base));
  if (!put) return put.error();
  return old;
}

}  // namespace promster
