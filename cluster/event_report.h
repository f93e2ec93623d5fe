#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cluster/line_chart.h"
#include "cluster/scrape_log.h"
#include "cluster/total_error.h"

namespace promster {

// What was seen of one event that happened to a hierarchy. Plain data.
struct EventReport {
  std::string name;                  // "up1"
  std::string what;                  // "level 1 from 1 to 5 nodes"
  std::string note;                  // more to know of it, for below the table; may be empty
  double begin = 0;                  // unix seconds
  std::vector<TotalSample> samples;  // the total at the top, from some seconds before it on
  TotalError error;                  // of those since it began
  ScrapeVerdict scrapes;             // since it began
};

// The samples that were taken when the event had begun.
std::vector<TotalSample> since_begin(const EventReport& report);

// A table in Markdown, a row an event, and the notes below it. REQUIRES: interval > 0, in seconds.
std::string render_event_table(const std::vector<EventReport>& reports, double interval);

// "time,event,what,since,truth,answer": a row a sample; time in unix seconds, since in seconds from
// the beginning of the event, answer empty where there was none.
// REQUIRES: no comma in what a report is called.
std::string render_event_csv(const std::vector<EventReport>& reports);
// The reports of a CSV, without notes and verdicts on scrapes.
Result<std::vector<EventReport>> parse_event_csv(const std::string& csv);

// The reports of one run, and how the chart calls it: "with hand-over".
struct EventRun {
  std::string name;
  std::vector<EventReport> reports;
};

// A chart of truth and answers, a panel an event, all runs in one.
LineChart event_chart(const std::vector<EventRun>& runs);

}  // namespace promster
