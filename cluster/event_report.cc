#include "cluster/event_report.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace promster {
namespace {

constexpr std::string_view kCsvHead = "time,event,what,since,truth,answer";
constexpr std::array<const char*, 4> kRunColors{"#0969da", "#bc4c00", "#8250df", "#1a7f37"};
constexpr const char* kTruthColor = "#57606a";

std::string digits(double value, int count) {
  std::array<char, 64> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, count);
  return {text.data(), end.ptr};
}

// "3 (max 12.1 s)"; "0" where there is none.
std::string count_and_longest(int count, double longest) {
  return std::to_string(count) + (longest > 0 ? " (max " + digits(longest, 1) + " s)" : "");
}

std::string table_row(const EventReport& report) {
  const ScrapeVerdict& scrapes = report.scrapes;
  return "| " + report.what + " | " + digits(100 * report.error.worst, 1) + " % | " +
         digits(report.error.seconds_wrong, 0) + " s | " + digits(report.error.seconds_lost, 1) +
         " s | " + count_and_longest(scrapes.gaps, scrapes.longest_gap) + " | " +
         count_and_longest(scrapes.both, scrapes.longest_both) + " | " +
         std::to_string(scrapes.lost) + " | " + std::to_string(scrapes.twice) + " |\n";
}

bool read_number(std::string_view text, double& value) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

// Adds a row of a CSV to the event it is of.
bool read_row(std::string_view row, std::vector<EventReport>& reports) {
  const auto fields = split(row, ',');
  double time = 0, since = 0, truth = 0, answer = 0;
  if (fields.size() != 6) return false;
  if (!read_number(fields[0], time) || !read_number(fields[3], since)) return false;
  if (!read_number(fields[4], truth)) return false;
  if (!fields[5].empty() && !read_number(fields[5], answer)) return false;
  if (reports.empty() || reports.back().name != fields[1]) {
    reports.push_back({.name = std::string(fields[1]),
                       .what = std::string(fields[2]),
                       .begin = time - since,
                       .samples = {},
                       .error = {},
                       .scrapes = {}});
  }
  TotalSample sample{.time = time, .truth = truth, .answer = std::nullopt};
  if (!fields[5].empty()) sample.answer = answer;
  reports.back().samples.push_back(sample);
  return true;
}

std::vector<ChartPoint> answer_points(const EventReport& report) {
  std::vector<ChartPoint> points;
  for (const TotalSample& sample : report.samples) {
    points.push_back({.x = sample.time - report.begin,
                      .y = sample.answer.value_or(std::numeric_limits<double>::quiet_NaN())});
  }
  return points;
}

ChartLine truth_line(const EventReport& report) {
  ChartLine line{.name = "truth", .color = kTruthColor, .dashed = true, .points = {}};
  for (const TotalSample& sample : report.samples) {
    line.points.push_back({.x = sample.time - report.begin, .y = sample.truth});
  }
  return line;
}

// The panel of the event of that name; a new one where there is none yet.
ChartPanel& panel_of(LineChart& chart, const EventReport& report) {
  for (ChartPanel& panel : chart.panels) {
    if (panel.title == report.what) return panel;
  }
  chart.panels.push_back(
      {.title = report.what, .lines = {truth_line(report)}, .mark = 0, .notes = {""}});
  return chart.panels.back();
}

}  // namespace

std::vector<TotalSample> since_begin(const EventReport& report) {
  std::vector<TotalSample> samples;
  std::ranges::copy_if(report.samples, std::back_inserter(samples),
                       [&](const TotalSample& sample) { return sample.time >= report.begin; });
  return samples;
}

std::string render_event_table(const std::vector<EventReport>& reports, double interval) {
  std::string table =
      "| event | worst error | wrong by > 1 % | total lost | targets with a gap > " +
      digits(most_gap(interval), 1) +
      " s | scraped by two | at the end by none | at the end by two |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (const EventReport& report : reports) table += table_row(report);
  return table;
}

std::string render_event_csv(const std::vector<EventReport>& reports) {
  std::string csv = std::string(kCsvHead) + "\n";
  for (const EventReport& report : reports) {
    for (const TotalSample& sample : report.samples) {
      csv += digits(sample.time, 3) + "," + report.name + "," + report.what + "," +
             digits(sample.time - report.begin, 3) + "," + digits(sample.truth, 3) + "," +
             (sample.answer ? digits(*sample.answer, 3) : "") + "\n";
    }
  }
  return csv;
}

Result<std::vector<EventReport>> parse_event_csv(const std::string& csv) {
  const auto rows = split(trim(csv), '\n');
  if (rows.front() != kCsvHead) return Error{"the first line is not " + std::string(kCsvHead)};
  std::vector<EventReport> reports;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (!read_row(rows[i], reports)) {
      return Error{"line " + std::to_string(i + 1) + ": no sample: " + printable(rows[i])};
    }
  }
  for (EventReport& report : reports) report.error = total_error(since_begin(report));
  return reports;
}

LineChart event_chart(const std::vector<EventRun>& runs) {
  LineChart chart{.title = "The total at the top of three levels, and the truth",
                  .x_label = "seconds since the event",
                  .y_label = "requests per second",
                  .mark_label = "event",
                  .panels = {}};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (const EventReport& report : runs[i].reports) {
      ChartPanel& panel = panel_of(chart, report);
      panel.lines.push_back({.name = runs[i].name,
                             .color = kRunColors[i % kRunColors.size()],
                             .points = answer_points(report)});
      panel.notes.push_back(digits(report.error.seconds_lost, 1) + " s of total lost");
    }
  }
  return chart;
}

}  // namespace promster
