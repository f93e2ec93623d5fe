#include "cluster/scrape_log.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/json_text.h"

namespace promster {
namespace {

std::string milliseconds_text(double seconds) {
  std::array<char, 32> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed, 3);
  return {text.data(), end.ptr};
}

// From the first to the last scrape of each scraper. One that did not scrape for longer than a gap
// may be (it gave the target up, and got it back) has lived before, and lives again.
std::vector<Span> lives(const ScrapeLog& log, double interval) {
  std::map<std::string, Span> living;
  std::vector<Span> result;
  for (const Scrape& scrape : log) {
    const Span born{.from = scrape.time, .until = scrape.time};
    const auto [life, is_new] = living.emplace(scrape.scraper, born);
    if (!is_new && scrape.time - life->second.until > most_gap(interval)) {
      result.push_back(std::exchange(life->second, born));
    }
    life->second.until = scrape.time;
  }
  for (const auto& [ignored, life] : living) result.push_back(life);
  return result;
}

double overlap(const Span& a, const Span& b, const Span& within) {
  return std::min({a.until, b.until, within.until}) - std::max({a.from, b.from, within.from});
}

// The longest time within the span that two scrapers lived at once.
double longest_overlap(const std::vector<Span>& lives, const Span& span) {
  double longest = 0;
  for (std::size_t i = 0; i < lives.size(); ++i) {
    for (std::size_t k = i + 1; k < lives.size(); ++k) {
      longest = std::max(longest, overlap(lives[i], lives[k], span));
    }
  }
  return longest;
}

double longest_gap(const ScrapeLog& log, const Span& span) {
  double longest = 0;
  const Scrape* before = nullptr;
  for (const Scrape& scrape : log) {
    if (scrape.time > span.until) break;
    if (before != nullptr && scrape.time > span.from) {
      longest = std::max(longest, scrape.time - before->time);
    }
    before = &scrape;
  }
  return before == nullptr ? span.length() : std::max(longest, span.until - before->time);
}

ScrapeLog before(const ScrapeLog& log, double until) {
  ScrapeLog part;
  std::ranges::copy_if(log, std::back_inserter(part),
                       [&](const Scrape& scrape) { return scrape.time <= until; });
  return part;
}

}  // namespace

std::string render_scrape_log(const ScrapeLog& log) {
  std::string times, scrapers;
  for (const Scrape& scrape : log) {
    times += (times.empty() ? "" : ",") + milliseconds_text(scrape.time);
    scrapers += (scrapers.empty() ? "" : ",") + json_quote(scrape.scraper);
  }
  return R"({"scrapes":[)" + times + R"(],"scrapers":[)" + scrapers + "]}\n";
}

Result<ScrapeLog> parse_scrape_log(const std::string& json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  const auto list = [&](const char* name) {
    return parsed.is_object() ? parsed.value(name, nlohmann::json()) : nlohmann::json();
  };
  const nlohmann::json times = list("scrapes"), scrapers = list("scrapers");
  if (!times.is_array() || !scrapers.is_array() || times.size() != scrapers.size()) {
    return Error{"no log of scrapes: " + json.substr(0, 100)};
  }
  ScrapeLog log;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (!times[i].is_number() || !scrapers[i].is_string()) return Error{"no scrape in the log"};
    log.push_back({.time = times[i].get<double>(), .scraper = scrapers[i].get<std::string>()});
  }
  return log;
}

ScrapeFate judge_scrapes(const ScrapeLog& log, const Span& span, double interval) {
  const ScrapeLog seen = before(log, span.until);
  const std::vector<Span> scrapers = lives(seen, interval);
  const Span end{.from = span.until - 2 * interval, .until = span.until};
  const bool scraped_at_end = !seen.empty() && seen.back().time >= end.from;
  return {.longest_gap = longest_gap(seen, span),
          .longest_both = longest_overlap(scrapers, span),
          .lost = !scraped_at_end,
          .twice = longest_overlap(scrapers, end) > 0};
}

void add_fate(ScrapeVerdict& verdict, const ScrapeFate& fate, double interval) {
  ++verdict.targets;
  verdict.gaps += fate.longest_gap > most_gap(interval) ? 1 : 0;
  verdict.longest_gap = std::max(verdict.longest_gap, fate.longest_gap);
  verdict.both += fate.longest_both > 0 ? 1 : 0;
  verdict.longest_both = std::max(verdict.longest_both, fate.longest_both);
  verdict.lost += fate.lost ? 1 : 0;
  verdict.twice += fate.twice ? 1 : 0;
}

}  // namespace promster
