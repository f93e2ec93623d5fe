#include "prom/kept_config.h"

#include <vector>

#include "base/parse_number.h"
#include "base/text.h"

namespace promster {
namespace {

// Before this, in version 1, the privacy was not kept.
constexpr std::string_view kHead = "promster last good 2";

}  // namespace

std::string write_kept_config(const KeptConfig& kept) {
  const std::string yml = kept.files.prometheus_yml.value_or("");
  const std::string rules = kept.files.rules_yml.value_or("");
  std::string text(kHead);
  for (const std::size_t number :
       {yml.size(), rules.size(), std::size_t{kept.privacy.mode}, std::size_t{kept.privacy.user},
        std::size_t{kept.privacy.group}}) {
    text += " " + std::to_string(number);
  }
  return text + "\n" + yml + rules + kept.stamp;
}

std::optional<KeptConfig> read_kept_config(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == text.npos || !text.starts_with(std::string(kHead) + " ")) return std::nullopt;
  const auto words = split(text.substr(kHead.size() + 1, end - kHead.size() - 1), ' ');
  if (words.size() != 5) return std::nullopt;
  const auto yml = parse_number<std::size_t>(words[0]), rules = parse_number<std::size_t>(words[1]);
  const auto mode = parse_number<mode_t>(words[2]);
  const auto user = parse_number<uid_t>(words[3]);
  const auto group = parse_number<gid_t>(words[4]);
  if (!yml || !rules || !mode || !user || !group) return std::nullopt;
  const std::string_view rest = text.substr(end + 1);
  if (*yml > rest.size() || *rules > rest.size() - *yml) return std::nullopt;
  return KeptConfig{
      .files = {std::string(rest.substr(0, *yml)), std::string(rest.substr(*yml, *rules))},
      .privacy = Privacy::of(*mode, *user, *group),
      .stamp = std::string(rest.substr(*yml + *rules))};
}

}  // namespace promster
