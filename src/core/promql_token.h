#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace promster {

// A word of a PromQL expression. It points into the expression, which must outlive it.
struct PromqlToken {
  enum class Kind {
    kWord,      // a name or keyword, which its place decides: [a-zA-Z_:][a-zA-Z0-9_:]*
    kNumber,    // 5, .5, 1e3, 0x1f; `inf` and `nan` are words
    kDuration,  // 5m, 1h30m
    kString,    // with its quotes: "...", '...' or `...`
    kSymbol,    // an operator or bracket: == != =~ !~ <= >= or one character
  };

  Kind kind;
  std::string_view text;
  std::size_t begin;  // in bytes from the start of the expression

  std::size_t end() const { return begin + text.size(); }
  bool is_symbol(std::string_view symbol) const { return kind == Kind::kSymbol && text == symbol; }
  // Keywords are read in any case, as Prometheus does; `keyword` is in lower case.
  bool is_keyword(std::string_view keyword) const;
};

// The tokens of an expression, without spaces and comments. Fails where it holds something that is
// none: "at byte 7: a string without an end". What it accepts may still be no PromQL.
// Grammar: github.com/prometheus/prometheus, promql/parser/lex.go. Pure, any thread.
Result<std::vector<PromqlToken>> promql_tokens(std::string_view expr);

}  // namespace promster
