#include "core/promql_tree.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <utility>

#include "core/promql_token.h"

namespace promster {
namespace {

using Kind = PromqlNode::Kind;
using TokenKind = PromqlToken::Kind;

// Deeper than any rule, and shallow enough for every stack.
constexpr int kMostDepth = 200;

template <std::size_t n>
bool is_one_of(const PromqlToken& token, const std::array<std::string_view, n>& keywords) {
  return std::ranges::any_of(keywords, [&](std::string_view k) { return token.is_keyword(k); });
}

bool is_aggregation(const PromqlToken& token) {
  static constexpr std::array<std::string_view, 14> kAggregations{
      "sum",    "avg",  "count",   "min",          "max",      "group",  "stddev",
      "stdvar", "topk", "bottomk", "count_values", "quantile", "limitk", "limit_ratio"};
  return is_one_of(token, kAggregations);
}

// Words that can never be the name of a metric; the other keywords can, where an operand is due.
bool is_reserved(const PromqlToken& token) {
  static constexpr std::array<std::string_view, 6> kReserved{
      "on", "ignoring", "group_left", "group_right", "bool", "atan2"};
  return is_one_of(token, kReserved);
}

bool is_operator(const PromqlToken& token) {
  static constexpr std::array<std::string_view, 4> kWords{"and", "or", "unless", "atan2"};
  static constexpr std::array<std::string_view, 12> kSymbols{"+",  "-",  "*", "/", "%",  "^",
                                                             "==", "!=", ">", "<", ">=", "<="};
  if (token.kind == TokenKind::kWord) return is_one_of(token, kWords);
  return token.kind == TokenKind::kSymbol && std::ranges::count(kSymbols, token.text) > 0;
}

bool is_match_operator(const PromqlToken& token) {
  return token.is_symbol("=") || token.is_symbol("!=") || token.is_symbol("=~") ||
         token.is_symbol("!~");
}

std::string_view inside_quotes(std::string_view text) {
  return text.substr(1, text.size() - 2);
}

// Reads tokens from left to right, one function a rule of the grammar. Each returns false where the
// tokens do not fit; next() is then where.
class Reader {
 public:
  explicit Reader(std::span<const PromqlToken> tokens) : tokens_(tokens) {}

  bool whole(PromqlNode& out) { return expression(out) && next_ == tokens_.size(); }
  std::size_t next() const { return next_; }

 private:
  const PromqlToken& peek(std::size_t ahead = 0) const {
    static constexpr PromqlToken kEnd{TokenKind::kSymbol, "", 0};
    return next_ + ahead < tokens_.size() ? tokens_[next_ + ahead] : kEnd;
  }
  bool take_symbol(std::string_view symbol) { return take_if(peek().is_symbol(symbol)); }
  bool take_keyword(std::string_view keyword) { return take_if(peek().is_keyword(keyword)); }
  bool take_kind(TokenKind kind) { return take_if(peek().kind == kind); }
  bool take_if(bool fits) {
    if (fits && next_ < tokens_.size()) {
      ++next_;
      return true;
    }
    return false;
  }
  const PromqlToken& taken() const { return tokens_[next_ - 1]; }

  bool expression(PromqlNode& out);
  bool operand(PromqlNode& out);
  bool primary(PromqlNode& out);
  bool named(PromqlNode& out);
  bool parens(PromqlNode& out);
  bool call(PromqlNode& out);
  bool aggregation(PromqlNode& out);
  bool arguments(PromqlNode& out);
  bool selector(PromqlNode& out);
  bool matchers(PromqlNode& out);
  bool matcher(PromqlNode& out);
  bool modifiers(PromqlNode& out);
  bool bracket(PromqlNode& out);
  bool offset(PromqlNode& out);
  bool pin(PromqlNode& out);
  bool duration(Duration& out);
  bool binary_operator(PromqlOperator& out);
  bool matching(PromqlOperator& out);
  bool label_list(std::vector<std::string_view>* out);

  std::span<const PromqlToken> tokens_;
  std::size_t next_ = 0;
  int depth_ = 0;
};

bool Reader::expression(PromqlNode& out) {
  if (++depth_ > kMostDepth || !operand(out)) return false;
  if (is_operator(peek())) {
    PromqlNode chain{.kind = Kind::kOperation, .begin = out.begin};
    chain.children.push_back(std::move(out));
    while (is_operator(peek())) {
      if (!binary_operator(chain.operators.emplace_back())) return false;
      if (!operand(chain.children.emplace_back())) return false;
    }
    chain.end = taken().end();
    out = std::move(chain);
  }
  --depth_;
  return true;
}

bool Reader::operand(PromqlNode& out) {
  const std::size_t begin = peek().begin;
  bool has_sign = false;
  while (take_symbol("-") || take_symbol("+")) has_sign = true;
  if (!primary(out) || !modifiers(out)) return false;
  if (has_sign) {
    PromqlNode inner = std::exchange(out, PromqlNode{.kind = Kind::kSigned, .begin = begin});
    out.end = inner.end;
    out.children.push_back(std::move(inner));
  }
  return true;
}

bool Reader::primary(PromqlNode& out) {
  out.begin = peek().begin;
  bool fits = false;
  if (take_kind(TokenKind::kNumber) || take_kind(TokenKind::kString) || take_keyword("inf") ||
      take_keyword("nan")) {
    fits = true;
  } else if (peek().is_symbol("(")) {
    fits = parens(out);
  } else if (peek().is_symbol("{")) {
    fits = selector(out);
  } else if (peek().kind == TokenKind::kWord) {
    fits = named(out);
  }
  if (fits) out.end = taken().end();
  return fits;
}

bool Reader::named(PromqlNode& out) {
  const PromqlToken& after = peek(1);
  const bool grouped = after.is_keyword("by") || after.is_keyword("without");
  if (is_aggregation(peek()) && (after.is_symbol("(") || grouped)) return aggregation(out);
  if (is_reserved(peek())) return false;
  return after.is_symbol("(") ? call(out) : selector(out);
}

bool Reader::parens(PromqlNode& out) {
  out.kind = Kind::kParens;
  return take_symbol("(") && expression(out.children.emplace_back()) && take_symbol(")");
}

bool Reader::call(PromqlNode& out) {
  out.kind = Kind::kCall;
  out.name = peek().text;
  return take_kind(TokenKind::kWord) && arguments(out);
}

bool Reader::aggregation(PromqlNode& out) {
  out.kind = Kind::kAggregation;
  out.name = peek().text;
  const auto grouping = [this] { return take_keyword("by") || take_keyword("without"); };
  if (!take_kind(TokenKind::kWord)) return false;
  const bool grouped_first = grouping();
  if (grouped_first && !label_list(nullptr)) return false;
  if (!arguments(out)) return false;
  return grouped_first || !grouping() || label_list(nullptr);
}

bool Reader::arguments(PromqlNode& out) {
  if (!take_symbol("(")) return false;
  if (take_symbol(")")) return true;
  do {
    if (!expression(out.children.emplace_back())) return false;
  } while (take_symbol(","));
  return take_symbol(")");
}

bool Reader::selector(PromqlNode& out) {
  out.kind = Kind::kSelector;
  const bool has_name = take_kind(TokenKind::kWord);
  if (has_name) out.name = taken().text;
  if (!has_name || peek().is_symbol("{")) return matchers(out);
  return true;
}

bool Reader::matchers(PromqlNode& out) {
  if (!take_symbol("{")) return false;
  while (!take_symbol("}")) {
    if (!matcher(out)) return false;
    if (!take_symbol(",") && !peek().is_symbol("}")) return false;
  }
  return true;
}

// `label="value"`, or since Prometheus 3 a quoted metric name by itself and quoted label names.
bool Reader::matcher(PromqlNode& out) {
  const bool quoted = take_kind(TokenKind::kString);
  if (!quoted && !take_kind(TokenKind::kWord)) return false;
  const PromqlToken& label = taken();
  if (!take_if(is_match_operator(peek()))) {
    if (quoted) out.name = inside_quotes(label.text);
    return quoted;
  }
  if (!take_kind(TokenKind::kString)) return false;
  if (label.text == "__name__") out.name = inside_quotes(taken().text);
  return true;
}

bool Reader::modifiers(PromqlNode& out) {
  for (;;) {
    if (peek().is_symbol("[")) {
      if (!bracket(out)) return false;
    } else if (peek().is_keyword("offset")) {
      if (!offset(out)) return false;
    } else if (peek().is_symbol("@")) {
      if (!pin(out)) return false;
    } else {
      return true;
    }
    out.end = taken().end();
  }
}

bool Reader::bracket(PromqlNode& out) {
  Duration range{};
  if (out.kind == Kind::kRange || !take_symbol("[") || !duration(range)) return false;
  if (take_symbol("]")) {
    if (out.kind != Kind::kSelector || out.modified) return false;
    out.kind = Kind::kRange;
  } else {
    Duration step{};
    if (!take_symbol(":") || !(peek().is_symbol("]") || duration(step))) return false;
    if (!take_symbol("]")) return false;
    PromqlNode inner = std::exchange(out, PromqlNode{.kind = Kind::kSubquery, .begin = out.begin});
    out.children.push_back(std::move(inner));
  }
  out.range = range;
  return true;
}

bool can_be_modified(const PromqlNode& node) {
  return node.kind == Kind::kSelector || node.kind == Kind::kRange || node.kind == Kind::kSubquery;
}

bool Reader::offset(PromqlNode& out) {
  if (!can_be_modified(out) || !take_keyword("offset")) return false;
  const bool negative = take_symbol("-");
  if (!negative) take_symbol("+");
  Duration amount{};
  if (!duration(amount)) return false;
  out.modified = true;
  out.offset = negative ? -amount : amount;
  return true;
}

// `@ 1609746000`, `@ start()`, `@ end()`
bool Reader::pin(PromqlNode& out) {
  if (!can_be_modified(out) || !take_symbol("@")) return false;
  out.modified = true;
  if (take_keyword("start") || take_keyword("end")) return take_symbol("(") && take_symbol(")");
  if (!take_symbol("-")) take_symbol("+");
  return take_kind(TokenKind::kNumber);
}

// Prometheus 3 also takes a number of seconds.
bool Reader::duration(Duration& out) {
  if (take_kind(TokenKind::kNumber)) {
    const std::string_view text = taken().text;
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || seconds > 9e9) return false;
    out = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
    return true;
  }
  if (peek().kind != TokenKind::kDuration) return false;
  const auto parsed = parse_duration(peek().text);
  if (!parsed) return false;
  out = *parsed;
  return take_kind(TokenKind::kDuration);
}

bool Reader::binary_operator(PromqlOperator& out) {
  if (!take_if(is_operator(peek()))) return false;
  out.symbol = taken().text;
  if (take_keyword("bool")) out.plain = false;
  return matching(out);
}

bool Reader::matching(PromqlOperator& out) {
  out.on = take_keyword("on");
  if (!out.on && !take_keyword("ignoring")) return true;
  if (!label_list(&out.labels)) return false;
  if (take_keyword("group_left") || take_keyword("group_right")) {
    out.plain = false;
    out.open_group = !peek().is_symbol("(");
    return out.open_group || label_list(nullptr);
  }
  return true;
}

bool Reader::label_list(std::vector<std::string_view>* out) {
  if (!take_symbol("(")) return false;
  while (!take_symbol(")")) {
    if (!take_kind(TokenKind::kWord) && !take_kind(TokenKind::kString)) return false;
    if (out != nullptr) out->push_back(taken().text);
    if (!take_symbol(",") && !peek().is_symbol(")")) return false;
  }
  return true;
}

}  // namespace

Result<PromqlNode> read_promql(std::string_view expr) {
  const auto tokens = promql_tokens(expr);
  if (!tokens) return tokens.error();
  Reader reader(*tokens);
  PromqlNode root;
  if (reader.whole(root)) return root;
  const bool at_end = reader.next() >= tokens->size();
  const std::size_t at = at_end ? expr.size() : (*tokens)[reader.next()].begin;
  return Error{"at byte " + std::to_string(at) + ": " +
               (at_end ? "the expression ends too early" : "something else was expected")};
}

}  // namespace promster
