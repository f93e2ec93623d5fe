#include "web/exposition.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace promster {
namespace {

prometheus::MetricType type_of(MetricType type) {
  switch (type) {
    case MetricType::kCounter:
      return prometheus::MetricType::Counter;
    case MetricType::kHistogram:
      return prometheus::MetricType::Histogram;
    case MetricType::kGauge:
      break;
  }
  return prometheus::MetricType::Gauge;
}

// A scrape is refused as a whole where one value in it is not UTF-8.
std::string label_value(const std::string& text) {
  return is_utf8(text) ? text : printable(text, std::numeric_limits<std::size_t>::max());
}

prometheus::ClientMetric::Histogram histogram_of(const Histogram& histogram) {
  prometheus::ClientMetric::Histogram result;
  result.sample_sum = histogram.sum;
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    result.sample_count += histogram.counts[i];
    const bool last = i == histogram.bounds.size();
    const double bound = last ? std::numeric_limits<double>::infinity() : histogram.bounds[i];
    result.bucket.push_back({.cumulative_count = result.sample_count, .upper_bound = bound});
  }
  return result;
}

prometheus::ClientMetric metric_of(MetricType type, const MetricSample& sample) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : sample.labels.pairs()) {
    metric.label.push_back({.name = name, .value = label_value(value)});
  }
  if (type == MetricType::kCounter) metric.counter.value = sample.value;
  if (type == MetricType::kGauge) metric.gauge.value = sample.value;
  if (type == MetricType::kHistogram) metric.histogram = histogram_of(sample.histogram);
  return metric;
}

}  // namespace

std::string render_exposition(std::span<const MetricFamily> families) {
  std::vector<prometheus::MetricFamily> converted;
  for (const MetricFamily& family : families) {
    if (family.samples.empty()) continue;
    auto& next = converted.emplace_back();
    next.name = family.name;
    next.help = family.help;
    next.type = type_of(family.type);
    for (const MetricSample& sample : family.samples) {
      next.metric.push_back(metric_of(family.type, sample));
    }
  }
  return prometheus::TextSerializer().Serialize(converted);
}

}  // namespace promster
