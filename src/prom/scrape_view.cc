#include "prom/scrape_view.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace promster {
namespace {

// Where in {"data": {"activeTargets": [{"discoveredLabels": {...}}]}} the reader is, as the number
// of brackets that are open.
enum Depth : int { kAnswer = 1, kData = 2, kTargets = 3, kTarget = 4, kDiscovered = 5 };

// Called by nlohmann's parser for each piece of the answer; false ends the parse.
class ScrapeReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool complete() const { return seen_targets_; }
  std::vector<ScrapesSeen::One> take() { return std::move(found_); }

  bool key(string_t& name) override {
    if (depth_ == kAnswer) in_data_ = name == "data";
    if (depth_ == kData) in_targets_ = in_data_ && name == "activeTargets";
    if (in_targets_ && depth_ == kTarget) in_discovered_ = name == "discoveredLabels";
    if (in_targets_ && depth_ >= kTarget) key_.swap(name);
    return true;
  }

  bool string(string_t& text) override {
    if (!in_targets_) return true;
    if (depth_ == kTarget) take_field(text);
    if (depth_ == kDiscovered && in_discovered_ && key_ == "__address__") address_ = text;
    return true;
  }

  bool start_object(std::size_t) override {
    if (++depth_ == kTarget) forget_target();
    return true;
  }
  bool end_object() override { return depth_-- != kTarget || !in_targets_ || add_target(); }

  bool start_array(std::size_t) override {
    if (++depth_ == kTargets && in_targets_) seen_targets_ = true;
    return true;
  }
  bool end_array() override {
    if (--depth_ == kData) in_targets_ = false;
    return true;
  }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  void forget_target() {
    address_.reset();
    job_.clear();
    last_scrape_.reset();
    up_.reset();
  }

  void take_field(string_t& text) {
    if (key_ == "scrapePool") job_.swap(text);
    if (key_ == "lastScrape") last_scrape_ = parse_go_time(text);
    if (key_ == "health") up_ = text == "up";
  }

  bool add_target() {
    if (!job_.starts_with('/')) return true;
    if (!address_ || !last_scrape_ || !up_) return false;
    // Go's zero time, in the year 1, says "never".
    found_.push_back(
        {.address = std::move(*address_), .last_scrape = std::max(0.0, *last_scrape_), .up = *up_});
    return true;
  }

  int depth_ = 0;
  bool in_data_ = false, in_targets_ = false, in_discovered_ = false, seen_targets_ = false;
  std::string key_;
  // Of the target that is being read.
  std::optional<std::string> address_;
  std::string job_;
  std::optional<double> last_scrape_;
  std::optional<bool> up_;
  std::vector<ScrapesSeen::One> found_;
};

// One entry an address; the oldest scrape of several, and up if all are.
void merge(std::vector<ScrapesSeen::One>& targets) {
  std::ranges::sort(targets, std::less<>(), &ScrapesSeen::One::address);
  auto last = targets.begin();
  for (auto& one : targets) {
    if (&one == &*last) continue;
    if (one.address == last->address) {
      last->last_scrape = std::min(last->last_scrape, one.last_scrape);
      last->up = last->up && one.up;
    } else if (&*++last != &one) {
      *last = std::move(one);
    }
  }
  if (last != targets.end()) targets.erase(last + 1, targets.end());
}

// Takes the digits at the front of `text`; nullopt where there are not exactly `count`.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  unsigned value = 0;
  if (text.size() < count) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, value);
  const bool all = error == std::errc() && end == text.data() + count;
  text.remove_prefix(count);
  return all ? std::optional(static_cast<int>(value)) : std::nullopt;
}

bool take_char(std::string_view& text, std::string_view allowed) {
  if (text.empty() || allowed.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// ".678901234", or nothing.
double take_fraction(std::string_view& text) {
  if (!take_char(text, ".")) return 0;
  const auto length = std::min(text.find_first_not_of("0123456789"), text.size());
  std::int64_t digits = 0;
  std::from_chars(text.data(), text.data() + std::min<std::size_t>(length, 9), digits);
  text.remove_prefix(length);
  return static_cast<double>(digits) /
         std::pow(10.0, static_cast<double>(std::min<std::size_t>(length, 9)));
}

// "Z" or "+01:00", to the end of the text; seconds east of Greenwich.
std::optional<int> take_zone(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  const bool west = text.starts_with('-');
  if (!take_char(text, "+-")) return std::nullopt;
  const auto hours = take_digits(text, 2);
  const bool colon = take_char(text, ":");
  const auto minutes = take_digits(text, 2);
  if (!hours || !colon || !minutes || !text.empty()) return std::nullopt;
  return (west ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

}  // namespace

std::optional<ScrapesSeen> read_scrapes(std::string_view answer) {
  ScrapeReader reader;
  if (!nlohmann::json::sax_parse(answer, &reader) || !reader.complete()) return std::nullopt;
  ScrapesSeen seen{.targets = reader.take()};
  merge(seen.targets);
  return seen;
}

std::optional<double> parse_go_time(std::string_view text) {
  constexpr std::string_view kSeparators[] = {"-", "-", "Tt", ":", ":", ""};
  constexpr std::size_t kDigits[] = {4, 2, 2, 2, 2, 2};
  int parts[6] = {};
  for (int i = 0; i < 6; ++i) {
    const auto part = take_digits(text, kDigits[i]);
    if (!part || (i < 5 && !take_char(text, kSeparators[i]))) return std::nullopt;
    parts[i] = *part;
  }
  const std::chrono::year_month_day day{std::chrono::year(parts[0]),
                                        std::chrono::month(static_cast<unsigned>(parts[1])),
                                        std::chrono::day(static_cast<unsigned>(parts[2]))};
  const double fraction = take_fraction(text);
  const auto zone = take_zone(text);
  if (!day.ok() || !zone) return std::nullopt;
  const auto days = std::chrono::sys_days(day).time_since_epoch().count();
  const std::int64_t seconds =
      std::int64_t{days} * 86'400 + parts[3] * 3600 + parts[4] * 60 + parts[5];
  return static_cast<double>(seconds - *zone) + fraction;
}

}  // namespace promster
