#include "cluster/total_error.h"

#include <algorithm>
#include <cmath>

namespace promster {

double relative_error(const TotalSample& sample) {
  if (!sample.answer) return 1;
  if (sample.truth == 0) return *sample.answer == 0 ? 0 : 1;
  return std::abs(*sample.answer - sample.truth) / sample.truth;
}

TotalError total_error(const std::vector<TotalSample>& samples, double every) {
  TotalError result;
  for (const TotalSample& sample : samples) {
    const double error = relative_error(sample);
    result.worst = std::max(result.worst, error);
    result.seconds_wrong += error > kWrongAbove ? every : 0;
    result.seconds_lost += error * every;
  }
  return result;
}

}  // namespace promster
