#include "core/written_files.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/mask_secrets.h"
#include "core/render.h"
#include "core/text_diff.h"

namespace promster {
namespace {

using Kind = ConfigOutcome::Kind;

std::string_view result_name(Kind kind) {
  switch (kind) {
    case Kind::kAccepted:
    case Kind::kUnchanged:
      return "accepted";
    case Kind::kPending:
      return "pending";
    case Kind::kRejected:
      return "rejected";
    case Kind::kFailed:
      break;
  }
  return "failed";
}

void add_file(std::string& diff, std::string_view name, std::string_view before,
              std::string_view after) {
  const std::string lines = text_diff(before, after);
  if (lines.empty()) return;
  for (const char* mark : {"--- ", "+++ "}) diff.append(mark).append(name).append("\n");
  diff += lines;
}

// At the end of a line.
std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  text.resize(text.rfind('\n', most - 1) + 1);
  return text + "(cut here)\n";
}

std::shared_ptr<const std::string> shared_or_null(std::string text) {
  return text.empty() ? nullptr : std::make_shared<const std::string>(std::move(text));
}

bool same_words(const ReloadRecord& a, const ReloadRecord& b) {
  return a.result == b.result && a.who == b.who && a.words == b.words && a.diff == b.diff;
}

}  // namespace

std::string config_diff(const ApplyConfig& before, const ApplyConfig& after) {
  std::string diff;
  const std::string was = mask_secrets(before.prometheus_yml);
  const std::string is = mask_secrets(after.prometheus_yml);
  add_file(diff, kPrometheusFile, was, is);
  const bool secret = was == is && before.prometheus_yml != after.prometheus_yml;
  if (secret) diff.append(kPrometheusFile).append(": only secrets or comments differ\n");
  add_file(diff, kRulesFile, before.rules_yml, after.rules_yml);
  return diff;
}

WrittenFiles::WrittenFiles(Former former)
    : in_use_{.prometheus_yml = former.prometheus_yml, .rules_yml = former.rules_yml},
      shown_{
          {.name = std::string(kPrometheusFile),
           .content = shared_or_null(mask_secrets(former.prometheus_yml))},
          {.name = std::string(kRulesFile), .content = shared_or_null(std::move(former.rules_yml))},
          {.name = std::string(kTargetsFile),
           .content = shared_or_null(std::move(former.targets_json))}} {}

std::optional<ReloadRecord> WrittenFiles::config_tried(const ApplyConfig& tried,
                                                       const ConfigOutcome& outcome,
                                                       double unix_now) {
  const bool in_place = outcome.kind != Kind::kRejected && outcome.kind != Kind::kFailed;
  if (in_place) show_config(tried, outcome, unix_now);
  if (outcome.kind == Kind::kUnchanged && !outcome.reloaded) return std::nullopt;
  ReloadRecord record{
      .time = unix_now,
      .result = std::string(result_name(outcome.kind)),
      .who = outcome.who,
      .words = outcome.reason,
      .files_written = outcome.files_written,
      .reloaded = outcome.reloaded,
      .took_seconds = std::chrono::duration<double>(outcome.took).count(),
      // What could not be rendered has no bytes to compare.
      .diff = tried.fault.empty() ? cut(config_diff(in_use_, tried), kMostDiff) : std::string()};
  const bool in_use = in_place && outcome.kind != Kind::kPending;
  if (in_use) in_use_ = tried;
  // What is tried again every few seconds would fill the list with one word.
  if (!in_use && same_words(record, last_)) return std::nullopt;
  last_ = record;
  return record;
}

void WrittenFiles::show_config(const ApplyConfig& config, const ConfigOutcome& outcome,
                               double unix_now) {
  const std::string prometheus_yml = mask_secrets(config.prometheus_yml);
  const std::array<const std::string*, 2> contents{&prometheus_yml, &config.rules_yml};
  for (std::size_t i = 0; i < contents.size(); ++i) {
    ShownFile& file = shown_[i];
    if (!file.content || *file.content != *contents[i]) {
      file.content = std::make_shared<const std::string>(*contents[i]);
    }
    const auto& written = outcome.files_written;
    if (std::ranges::find(written, file.name) != written.end()) file.written = unix_now;
  }
}

void WrittenFiles::targets_written(std::shared_ptr<const std::string> json, bool changed,
                                   double unix_now) {
  ShownFile& file = shown_.back();
  file.content = std::move(json);
  if (changed) file.written = unix_now;
}

}  // namespace promster
