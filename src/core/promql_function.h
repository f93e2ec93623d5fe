#pragma once

#include <string_view>

namespace promster {

// How a function of PromQL treats what it is given.
enum class PromqlFunction {
  kUnknown,    // not one we know: it may treat its arguments in any way
  kPlain,      // sees only the values of its arguments
  kTimestamp,  // timestamp(): of a plain selector the time of the sample, of anything else the time
               // of the evaluation
  kAbsent,     // absent(), absent_over_time(): reads the labels out of the selector's text
  kInfo,       // info(): its second argument must be a plain selector
};

// REQUIRES: nothing; names are case-sensitive. Source: prometheus.io/docs, "Functions", of
// Prometheus 2.42 to 3; what each does with its arguments: promql/engine.go, `eval`. Pure, any
// thread.
PromqlFunction promql_function(std::string_view name);

}  // namespace promster
