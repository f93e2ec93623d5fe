#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/histogram.h"
#include "core/labels.h"

namespace promster {

enum class MetricType { kCounter, kGauge, kHistogram };

// One series of a metric: `value` of a counter or gauge, `histogram` of a histogram.
struct MetricSample {
  Labels labels;
  double value = 0;
  Histogram histogram{};
};

// All series of one metric. REQUIRES: a metric name, label names, and a help text of one line; no
// two samples with equal labels.
struct MetricFamily {
  std::string name;
  std::string help;
  MetricType type = MetricType::kGauge;
  std::vector<MetricSample> samples;
};

// The Content-Type of what render_exposition() returns.
inline constexpr const char* kExpositionContentType = "text/plain; version=0.0.4; charset=utf-8";

// The families in Prometheus's text format (prometheus.io/docs, "Exposition formats"), in the order
// given; those without samples are left out. Label values may hold anything: what the format cannot
// carry (bytes that are not UTF-8) is written as \xNN. Pure, any thread.
std::string render_exposition(std::span<const MetricFamily> families);

}  // namespace promster
