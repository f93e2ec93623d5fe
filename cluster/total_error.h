#pragma once

#include <optional>
#include <vector>

namespace promster {

// The total at the top of a hierarchy at one moment.
struct TotalSample {
  double time = 0;               // unix seconds
  double truth = 0;              // what it should have said
  std::optional<double> answer;  // what it said, if anything
  bool operator==(const TotalSample&) const = default;
};

// How far the total was off. An answer that is missing is off by all of it.
struct TotalError {
  double worst = 0;          // relative error: 0.3 is 30 %
  double seconds_wrong = 0;  // by more than 1 %
  double seconds_lost = 0;   // the sum of the relative errors over time: seconds of the whole total
};

// |answer - truth| / truth. Of nothing: 0 where the answer is nothing too, else 1.
double relative_error(const TotalSample& sample);

// Of samples taken every `every` seconds. Pure, any thread.
TotalError total_error(const std::vector<TotalSample>& samples, double every = 1);

// Where a sample counts as wrong.
inline constexpr double kWrongAbove = 0.01;

}  // namespace promster
