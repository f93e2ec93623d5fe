#include "web/metrics.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <regex>
#include <string>

#include "base/file.h"
#include "web/filled_snapshot.h"
#include "web/metrics_reference_for_test.h"
#include "web/promtool_for_test.h"

namespace promster {
namespace {

constexpr SteadyTime kNow{std::chrono::hours(100)};

ProcessStats process() {
  return {.cpu_seconds = 1.25,
          .start_time = 1.7e9,
          .resident_bytes = 1e7,
          .virtual_bytes = 2e8,
          .open_fds = 20,
          .max_fds = 1024};
}

HttpCounts http() {
  HttpCounts counts;
  counts.add("metrics", 200);
  counts.add("metrics", 200);
  counts.add("unknown", 404);
  return counts;
}

std::string rendered(const Snapshot& snapshot) {
  return render_metrics(snapshot, process(), http(), kNow);
}

bool has_line(const std::string& text, const std::string& line) {
  return text.find("\n" + line + "\n") != text.npos;
}

TEST(Metrics, Golden) {
  const std::regex version("version=\"[^\"]*\"");
  const std::string text =
      std::regex_replace(rendered(filled_snapshot(kNow)), version, "version=\"V\"");
  const auto golden = read_file(PROMSTER_SOURCE_DIR "/src/web/testdata/metrics.txt");
  ASSERT_TRUE(golden.ok()) << golden.error().message;
  EXPECT_EQ(text, *golden);
}

TEST(Metrics, PromtoolFindsNothing) {
  EXPECT_EQ(promtool_findings(rendered(filled_snapshot(kNow))), "");
  EXPECT_EQ(promtool_findings(rendered(Snapshot{})), "");
}

TEST(Metrics, TheReferenceSaysWhatThereIsAndNothingElse) {
  const MetricReferences seen = read_exposition(rendered(filled_snapshot(kNow)));
  const MetricReferences page = read_metric_references();
  EXPECT_GT(seen.size(), 40u);
  EXPECT_EQ(missing_in_reference(seen, page), "");
  for (const auto& [name, metric] : page) {
    const auto found = seen.find(name);
    ASSERT_NE(found, seen.end()) << name << " is in docs/metrics.md only";
    for (const auto& [label, values] : metric.labels) {
      EXPECT_TRUE(found->second.labels.contains(label)) << name << " has no label " << label;
    }
  }
}

TEST(Metrics, TheAgeOfWhatIsKnownOfEtcdGrowsWhileItIsLost) {
  const Snapshot snapshot = filled_snapshot(kNow);
  const std::string later = render_metrics(snapshot, {}, {}, kNow + std::chrono::seconds(10));
  EXPECT_TRUE(has_line(later, "promster_registry_age_seconds{cluster=\"scrape\"} 30"));
  EXPECT_TRUE(has_line(later, "promster_registry_age_seconds{cluster=\"registry\"} 0"));
}

TEST(Metrics, TheAlgorithmIsKnownOnceThereIsAnAssignment) {
  Snapshot snapshot = filled_snapshot(kNow);
  const auto says = [&](const std::string& algorithm) {
    return rendered(snapshot).find("promster_info{algorithm=\"" + algorithm + "\"") !=
           std::string::npos;
  };
  EXPECT_TRUE(says("bounded"));
  snapshot.algorithm.clear();
  EXPECT_TRUE(says("unknown"));
  snapshot.sharding = false;
  EXPECT_TRUE(says("none"));
}

TEST(Metrics, HostileNamesStayValues) {
  Snapshot snapshot = filled_snapshot(kNow);
  snapshot.foreign_targets = {{"a\"} 1\npromster_ready 7", "\xff\xfe\\"}, {"\r\n", "{x=\"y\"}"}};
  snapshot.targets_rejected = {{"\"\n", 1}};
  const std::string text = rendered(snapshot);
  EXPECT_EQ(promtool_findings(text), "");
  EXPECT_FALSE(has_line(text, "promster_ready 7\"")) << text;
  EXPECT_TRUE(has_line(text, "promster_ready 1"));
}

// A sample is a float64: nodes that disagree in any bit that is shown must show different numbers.
TEST(Metrics, TheChecksumIsExact) {
  const auto line_for = [](std::uint64_t checksum) {
    Snapshot snapshot = filled_snapshot(kNow);
    snapshot.assignment_checksum = checksum;
    const std::string text = rendered(snapshot);
    const std::size_t start = text.find("\npromster_assignment_checksum ") + 1;
    return text.substr(start, text.find('\n', start) - start);
  };
  EXPECT_EQ(line_for(0xffffffffffffffff), "promster_assignment_checksum 4503599627370495");
  EXPECT_EQ(line_for(0xfffffffffffffffe), "promster_assignment_checksum 4503599627370494");
  EXPECT_EQ(line_for(0x000ffffffffffffd), "promster_assignment_checksum 4503599627370493");
}

TEST(Metrics, TheLeaseRunsDownToZero) {
  Snapshot snapshot = filled_snapshot(kNow);
  const auto has = [&](std::chrono::milliseconds later, const std::string& left) {
    return has_line(render_metrics(snapshot, {}, {}, kNow + later),
                    "promster_lease_remaining_seconds " + left);
  };
  EXPECT_TRUE(has(std::chrono::milliseconds(0), "3.5"));
  EXPECT_TRUE(has(std::chrono::milliseconds(1000), "2.5"));
  EXPECT_TRUE(has(std::chrono::milliseconds(9000), "0"));
  snapshot.registered = false;
  EXPECT_TRUE(has(std::chrono::milliseconds(0), "0"));
}

TEST(Metrics, WhatDoesNotApplyIsLeftOut) {
  Snapshot snapshot = filled_snapshot(kNow);
  snapshot.members_source = {};
  snapshot.targets_source.synced = false;
  const std::string text = render_metrics(snapshot, {}, {}, kNow);
  for (const std::string name :
       {"promster_lease_remaining_seconds", "promster_registrations_total", "cluster=\"registry\"",
        "promster_etcd_revision", "process_", "promster_http_requests_total"}) {
    EXPECT_EQ(text.find(name), text.npos) << name;
  }
  EXPECT_TRUE(has_line(text, "promster_etcd_up{cluster=\"scrape\"} 0"));
}

TEST(Metrics, ATargetIsForeignOnce) {
  Snapshot snapshot = filled_snapshot(kNow);
  snapshot.foreign_targets = {{"j", "i"}, {"j", "i"}};
  const std::string text = rendered(snapshot);
  const std::string line = "promster_foreign_target{instance=\"i\",job=\"j\"} 1\n";
  ASSERT_NE(text.find(line), text.npos);
  EXPECT_EQ(text.find(line), text.rfind(line));
}

}  // namespace
}  // namespace promster
