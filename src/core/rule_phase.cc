#include "core/rule_phase.h"

#include <xxhash.h>

#include <cmath>
#include <cstdint>

namespace promster {
namespace {

// From the start of an evaluation: the group is done, and the sample of an own metric that is
// scraped every second has a second before the next one.
constexpr Duration kAfterEvaluation = std::chrono::milliseconds(300);
constexpr Duration kBeforeEvaluation = std::chrono::milliseconds(1500);

void append_sized(std::string& bytes, std::string_view text) {
  if (text.size() < 255) {
    bytes += static_cast<char>(text.size());
  } else {
    bytes += '\xff';
    for (const int shift : {0, 8, 16}) bytes += static_cast<char>(text.size() >> shift & 0xff);
  }
  bytes += text;
}

// The labels {file, name} of a group, as its two kinds of Prometheus lay them out to hash them:
// each text followed by 0xff, and each text after its length.
struct GroupLabels {
  std::string slice, text;  // up to the name

  explicit GroupLabels(std::string_view path) {
    slice = "file\xff" + std::string(path) + "\xffname\xff";
    append_sized(text, "file");
    append_sized(text, path);
    append_sized(text, "name");
  }
};

bool falls_early(const std::string& bytes, std::uint64_t interval_ns) {
  return XXH64(bytes.data(), bytes.size(), 0) % interval_ns < interval_ns / kPhaseSlots;
}

bool fits(const GroupLabels& labels, std::string_view name, std::uint64_t interval_ns,
          std::string& scratch) {
  scratch.assign(labels.slice).append(name).push_back('\xff');
  if (!falls_early(scratch, interval_ns)) return false;
  scratch.assign(labels.text);
  append_sized(scratch, name);
  return falls_early(scratch, interval_ns);
}

double phase(double unix_now, Duration interval) {
  return std::fmod(unix_now, std::chrono::duration<double>(interval).count());
}

}  // namespace

std::string aligned_group_name(std::string_view base, std::string_view path, Duration interval) {
  const auto interval_ns = static_cast<std::uint64_t>(std::chrono::nanoseconds(interval).count());
  const GroupLabels labels(path);
  std::string scratch;
  std::string name(base);
  // One in kPhaseSlots squared names fits; the bound is there for the proof that this ends.
  for (int n = 1; n < 100 * kPhaseSlots * kPhaseSlots; ++n) {
    if (fits(labels, name, interval_ns, scratch)) return name;
    name.resize(base.size());
    name.append("-").append(std::to_string(n));
  }
  return std::string(base);
}

bool SwitchWindow::open(double unix_now) const {
  return until_open(unix_now) == Duration::zero();
}

Duration SwitchWindow::until_open(double unix_now) const {
  // Too short for any moment to be safe: all are equal.
  if (interval_ < kAfterEvaluation + kBeforeEvaluation + std::chrono::milliseconds(200)) return {};
  const Duration now(std::llround(phase(unix_now, interval_) * 1000));
  if (now < kAfterEvaluation) return kAfterEvaluation - now;
  if (now > interval_ - kBeforeEvaluation) return interval_ - now + kAfterEvaluation;
  return {};
}

}  // namespace promster
