#include "core/ownership_guard.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/promql_function.h"
#include "core/promql_tree.h"

namespace promster {
namespace {

using Kind = PromqlNode::Kind;

constexpr std::string_view kOpening = "(";
constexpr std::string_view kClosing = " unless on (job, instance) promster_foreign_target)";

struct Insertion {
  std::size_t at;
  std::string_view text;
};

bool equals_keyword(std::string_view text, std::string_view keyword) {
  return std::ranges::equal(text, keyword, {}, [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
}

const PromqlNode& without_parens(const PromqlNode& node) {
  const PromqlNode* inner = &node;
  while (inner->kind == Kind::kParens) inner = &inner->children[0];
  return *inner;
}

bool is_guardable(const PromqlNode& node, Kind kind) {
  const PromqlNode& inner = without_parens(node);
  return inner.kind == kind && inner.name != kForeignTargetMetric;
}

// A call whose argument must remain a selector, so that the guard goes around the call.
bool is_guarded_as_a_whole(const PromqlNode& node) {
  if (node.kind != Kind::kCall) return false;
  const PromqlFunction function = promql_function(node.name);
  const bool plain = function == PromqlFunction::kPlain;
  if (!plain && function != PromqlFunction::kTimestamp) return false;
  const Kind kind = plain ? Kind::kRange : Kind::kSelector;
  return std::ranges::any_of(node.children,
                             [&](const PromqlNode& c) { return is_guardable(c, kind); });
}

bool is_guard(const PromqlOperator& op, const PromqlNode& right) {
  static constexpr std::array<std::string_view, 2> kLabels{"job", "instance"};
  return equals_keyword(op.symbol, "unless") && op.plain && op.on &&
         std::ranges::equal(op.labels, kLabels) && right.kind == Kind::kSelector &&
         right.name == kForeignTargetMetric &&
         right.end - right.begin == kForeignTargetMetric.size();
}

// Walks an expression and notes what to insert where. Neither two openings nor two closings are
// ever at the same byte, since what is guarded as a whole is longer at both ends than what is in
// it.
class Guard {
 public:
  void visit(const PromqlNode& node, std::string_view opening = kOpening);
  std::vector<Insertion> sorted() &&;

 private:
  void visit_call(const PromqlNode& call, std::string_view opening);
  void visit_arguments(const PromqlNode& call);
  void visit_operation(const PromqlNode& operation);
  void enclose(const PromqlNode& node, std::string_view opening);

  std::vector<Insertion> insertions_;
};

void Guard::visit(const PromqlNode& node, std::string_view opening) {
  switch (node.kind) {
    case Kind::kSelector:
      if (is_guardable(node, Kind::kSelector)) enclose(node, opening);
      return;
    case Kind::kCall:
      return visit_call(node, opening);
    case Kind::kOperation:
      return visit_operation(node);
    case Kind::kAggregation:
    case Kind::kParens:
    case Kind::kSigned:
      for (const PromqlNode& child : node.children) visit(child);
      return;
    case Kind::kLiteral:
    case Kind::kRange:  // by itself no argument of a call, so nothing we know
    case Kind::kSubquery:
      return;
  }
}

void Guard::visit_call(const PromqlNode& call, std::string_view opening) {
  if (is_guarded_as_a_whole(call)) enclose(call, opening);
  visit_arguments(call);
}

void Guard::visit_arguments(const PromqlNode& call) {
  switch (promql_function(call.name)) {
    case PromqlFunction::kUnknown:
    case PromqlFunction::kAbsent:
      return;
    case PromqlFunction::kInfo:
      if (!call.children.empty()) visit(call.children[0]);
      return;
    case PromqlFunction::kTimestamp:
      if (!is_guarded_as_a_whole(call)) break;
      return;
    case PromqlFunction::kPlain:
      break;
  }
  for (const PromqlNode& argument : call.children) visit(argument);
}

void Guard::visit_operation(const PromqlNode& operation) {
  const std::vector<PromqlNode>& operands = operation.children;
  if (operands.size() == 2 && is_guard(operation.operators[0], operands[1])) {
    if (operands[0].kind == Kind::kSelector) return;
    if (is_guarded_as_a_whole(operands[0])) return visit_arguments(operands[0]);
  }
  visit(operands[0]);
  for (std::size_t i = 1; i < operands.size(); ++i) {
    // After a bare group_left our bracket would be read as its list of labels.
    visit(operands[i], operation.operators[i - 1].open_group ? "() (" : kOpening);
  }
}

void Guard::enclose(const PromqlNode& node, std::string_view opening) {
  insertions_.push_back({node.begin, opening});
  insertions_.push_back({node.end, kClosing});
}

std::vector<Insertion> Guard::sorted() && {
  std::ranges::sort(insertions_, {}, &Insertion::at);
  return std::move(insertions_);
}

std::string insert(std::string_view text, const std::vector<Insertion>& insertions) {
  std::string out;
  std::size_t copied = 0;
  for (const Insertion& insertion : insertions) {
    out += text.substr(copied, insertion.at - copied);
    out += insertion.text;
    copied = insertion.at;
  }
  out += text.substr(copied);
  return out;
}

// How far back from its own moment a part looks. A subquery asks its child at earlier moments, so
// that theirs adds to its own.
Duration reach(const PromqlNode& node) {
  Duration longest{};
  for (const PromqlNode& child : node.children) longest = std::max(longest, reach(child));
  return std::max(Duration(0), longest + node.range + node.offset);
}

}  // namespace

GuardedExpression guard_expression(std::string_view expr) {
  const auto root = read_promql(expr);
  if (!root) return {.expr = std::string(expr)};
  Guard guard;
  guard.visit(*root);
  const std::vector<Insertion> insertions = std::move(guard).sorted();
  return {.expr = insert(expr, insertions),
          .changed = !insertions.empty(),
          .longest_range = reach(*root)};
}

}  // namespace promster
