#include "prom/config_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "core/render.h"
#include "prom/files.h"

namespace promster {
namespace {

constexpr std::string_view kLastGood = ".last-good";

std::optional<std::string> content_of(const std::string& path) {
  auto content = read_file(path);
  return content ? std::optional(std::move(*content)) : std::nullopt;
}

using ChangeTime = std::chrono::sys_time<std::chrono::nanoseconds>;

std::optional<ChangeTime> change_time(const std::string& path) {
  struct stat is {};
  if (::stat(path.c_str(), &is) != 0) return std::nullopt;
  return ChangeTime(std::chrono::seconds(is.st_ctim.tv_sec) +
                    std::chrono::nanoseconds(is.st_ctim.tv_nsec));
}

// Makes the path hold the content, or nothing. Returns whether that changed it.
Result<bool> put_one(const std::string& path, const std::optional<std::string>& content,
                     const ReplaceOptions& how) {
  if (content) return replace_file(path, *content, how);
  if (::unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  return Error{"remove " + path + ": " + std::generic_category().message(errno)};
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

// The site's file may be away for a moment, or for good: what is of it stays as private.
Privacy ConfigStore::privacy_for(const BaseConfig& base) const {
  if (!base.given()) return {};
  if (const auto now = privacy_of(base.file)) return *now;
  if (seen_ && seen_->file == base.file) return seen_->privacy;
  const auto ours = privacy_of(path(kPrometheusFile));
  return stricter(ours.value_or(Privacy()), only_ours());
}

bool ConfigStore::holds(const ApplyConfig& config) const {
  if (!has_bytes(config)) return false;
  const Privacy privacy = privacy_for(config.base);
  return tolerates(privacy) || !read_by_more(path(kPrometheusFile), written_as(privacy));
}

bool ConfigStore::has_bytes(const ApplyConfig& config) const {
  return read() == files_of(config);
}

bool ConfigStore::open_to_all(const ApplyConfig& config) {
  const Privacy privacy = privacy_for(config.base);
  if (privacy.for_all() || (opened_ && tolerates(privacy))) return false;
  if (::chmod(path(kPrometheusFile).c_str(), Privacy().mode) != 0) return false;
  tolerated_ = privacy;
  opened_ = true;
  return true;
}

std::optional<ChangeTime> ConfigStore::changed_at() const {
  const auto yml = change_time(path(kPrometheusFile)), rules = change_time(path(kRulesFile));
  if (!yml || !rules) return std::nullopt;
  return std::max(*yml, *rules);
}

bool ConfigStore::good_since_put(const ApplyConfig& config) const {
  const auto changed = changed_at(), kept = change_time(path(kLastGood));
  if (!changed || !kept || *kept < *changed || !has_bytes(config)) return false;
  const auto good = last_good();
  return good && good->files == files_of(config);
}

ConfigFiles ConfigStore::read() const {
  return {content_of(path(kPrometheusFile)), content_of(path(kRulesFile))};
}

// sd/ must exist before Prometheus reads the configuration: it watches the directory, and looks for
// a missing one again only after minutes.
Result<std::vector<std::string>> ConfigStore::put(const ApplyConfig& config) {
  if (auto made = ensure_directory(path("sd")); !made) return made.error();
  const Privacy privacy = privacy_for(config.base);
  if (config.base.given()) seen_ = SeenFile{config.base.file, privacy};
  KeptConfig before{.files = read(),
                    .privacy = privacy_of(path(kPrometheusFile)).value_or(privacy)};
  auto written = put_files(files_of(config), privacy);
  if (written && !written->empty()) {
    if (!replaced_) replaced_ = std::move(before);
  } else if (!written && read() != before.files) {
    const auto restored = put_files(before.files, stricter(before.privacy, privacy));
    if (!restored) return Error{written.error().message + "; restore: " + restored.error().message};
  }
  return written;
}

// The rules come first: a new configuration may name what only the new rules have, and Prometheus
// reads nothing before it is told to.
Result<std::vector<std::string>> ConfigStore::put_files(const ConfigFiles& files,
                                                        const Privacy& privacy) {
  std::vector<std::string> changed;
  if (!tolerates(privacy)) tolerated_.reset();
  const ReplaceOptions how = written_as(privacy);
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

// As private as it is now: the site's file may be another one already.
Result<void> ConfigStore::remember_good(const ApplyConfig& config) {
  const auto privacy = privacy_of(path(kPrometheusFile));
  const std::string content =
      write_kept_config({.files = files_of(config),
                         .privacy = privacy ? *privacy : privacy_for(config.base),
                         .stamp = config.base.stamp});
  const auto written = replace_file(path(kLastGood), content, {.mode = 0600});
  if (!written) return written.error();
  // Its time says when, also where it is as it was.
  if (!*written) ::utimensat(AT_FDCWD, path(kLastGood).c_str(), nullptr, 0);
  replaced_.reset();
  return {};
}

std::optional<KeptConfig> ConfigStore::last_good() const {
  const auto content = content_of(path(kLastGood));
  return content ? read_kept_config(*content) : std::nullopt;
}

std::string ConfigStore::good_stamp() const {
  const auto good = last_good();
  return good ? good->stamp : "";
}

// What is put back may hold a secret that what is refused does not, or that has become one.
Result<std::optional<ConfigStore::PutBack>> ConfigStore::go_back_from(const ApplyConfig& refused) {
  std::optional<KeptConfig> old = last_good();
  if (!old || old->files == files_of(refused)) old = replaced_;
  if (!old || old->files == files_of(refused)) return std::optional<PutBack>();
  auto put = put_files(old->files, stricter(old->privacy, privacy_for(refused.base)));
  if (!put) return put.error();
  return std::optional(PutBack{.files = std::move(old->files), .changed = *std::move(put)});
}

}  // namespace promster
