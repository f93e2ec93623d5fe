#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "base/result.h"

namespace promster {

// What stands between two operands: `* on (job) group_left (site)`.
struct PromqlOperator {
  std::string_view symbol;               // as written: "+", "==", "unless"
  bool on = false;                       // matches by `on`
  std::vector<std::string_view> labels;  // of `on` or `ignoring`
  bool plain = true;                     // has neither `bool` nor a group modifier
  bool open_group = false;               // ends in a group_left or group_right without a label list
};

// A part of a PromQL expression, down to its selectors. It points into the expression, which must
// outlive it. Precedence of operators is not kept: all operands of a chain are equal children.
struct PromqlNode {
  enum class Kind {
    kLiteral,      // a number or a string
    kSelector,     // x, x{a="b"}, {a="b"}, each with its modifiers
    kRange,        // a selector with a range: x[5m]
    kSubquery,     // child[1h:5m]
    kCall,         // name(children)
    kAggregation,  // name(children), with or without a list of labels
    kParens,       // (child)
    kSigned,       // -child, +child
    kOperation,    // two or more children and the operators between them
  };

  Kind kind = Kind::kLiteral;
  std::size_t begin = 0, end = 0;  // in bytes; the last one is not part of it
  std::string_view name;           // of a metric (also from `__name__`), function, aggregation
  Duration range{}, offset{};      // an offset may be negative
  bool modified = false;           // has `offset` or `@`
  std::vector<PromqlNode> children;
  std::vector<PromqlOperator> operators;
};

// Reads an expression. Fails on whatever is not PromQL by structure; types, and which functions
// there are, it leaves to Prometheus. Grammar: github.com/prometheus/prometheus,
// promql/parser/generated_parser.y. Pure, any thread.
Result<PromqlNode> read_promql(std::string_view expr);

}  // namespace promster
