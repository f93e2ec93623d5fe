#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace promster {

// One scrape of a target, as the target saw it.
struct Scrape {
  double time = 0;      // unix seconds
  std::string scraper;  // the address:port it came from: a Prometheus keeps one connection to a
                        // target, so this is who scrapes, until it connects anew
  bool operator==(const Scrape&) const = default;
};

// The scrapes of one target, in the order of time.
using ScrapeLog = std::vector<Scrape>;

// {"scrapes": [unix seconds, ...], "scrapers": ["address:port", ...]}, of one length. Pure.
std::string render_scrape_log(const ScrapeLog& log);
Result<ScrapeLog> parse_scrape_log(const std::string& json);

// The longest gap that is none: an owner may scrape at the start of an interval, the next at the
// end of the one after it.
constexpr double most_gap(double interval) {
  return 2 * interval + 0.5;
}

// When a target was to be scraped, in unix seconds.
struct Span {
  double from = 0;
  double until = 0;
  double length() const { return until - from; }
};

// What one target went through. All in seconds.
struct ScrapeFate {
  double longest_gap = 0;   // without a scrape
  double longest_both = 0;  // of two or more that scraped it at the same time
  bool lost = false;        // nobody scraped it in the last two intervals
  bool twice = false;       // two or more scraped it in the last two intervals
};

// Judges a target's log within `span`. A gap reaches from a scrape to the next, from the last one
// to the end of the span, and from its beginning to the first where there was a scrape before: the
// time that a new target needs to be found is no gap. Two scrape at the same time from the second
// one's first scrape to the last scrape that is followed by one of the other: a scraper that takes
// over between two scrapes of another, or connects anew, is no second one.
// REQUIRES: interval > 0. Pure, any thread.
ScrapeFate judge_scrapes(const ScrapeLog& log, const Span& span, double interval);

// What the targets of one event went through together.
struct ScrapeVerdict {
  int targets = 0;
  int gaps = 0;             // targets with a gap above most_gap()
  double longest_gap = 0;   // seconds
  int both = 0;             // targets that two scraped at the same time at any time
  double longest_both = 0;  // seconds
  int lost = 0;             // targets that nobody scraped at the end
  int twice = 0;            // targets that two scraped at the end
};

// Adds a target to the verdict. REQUIRES: interval > 0.
void add_fate(ScrapeVerdict& verdict, const ScrapeFate& fate, double interval);

}  // namespace promster
