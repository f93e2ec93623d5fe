#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/guard_cases_for_test.h"
#include "core/ownership_guard.h"
#include "core/promql_tree.h"

namespace promster {
namespace {

const std::string kClosing = " unless on (job, instance) promster_foreign_target)";

// An expression made at random, and what the guard must make of it.
struct Model {
  std::string plain, guarded;
  Duration reach{};
  bool opens = false;  // what is inserted first stands before the first byte
};

template <class T>
T one_of(const std::vector<T>& choices) {
  return *rc::gen::elementOf(choices);
}

std::string one_of(const std::vector<std::string>& choices) {
  return one_of<std::string>(choices);
}

std::string gap() {
  return one_of({" ", " ", "\n", "\t ", " # {( or \"\n"});
}

Model same(const std::string& text, const Model& inner) {
  return {.plain = text, .guarded = text, .reach = inner.reach};
}

Model enclosed(const std::string& before, const Model& inner, const std::string& after) {
  return {.plain = before + inner.plain + after,
          .guarded = before + inner.guarded + after,
          .reach = inner.reach,
          .opens = before.empty() && inner.opens};
}

Model guarded(const std::string& text, Duration reach) {
  return {.plain = text, .guarded = "(" + text + kClosing, .reach = reach, .opens = true};
}

std::string bare_selector() {
  return one_of({"x", "sum", "offset", "up{}", "level1:x:irate", "y{a=\"}) [5m]\"}",
                 "{__name__=~'x.*'}", "z { job = \"a\" , }", "by{a!~`\\`}"});
}

Model selector() {
  const std::string text = bare_selector();
  if (*rc::gen::inRange(0, 3) > 0) return guarded(text, Duration(0));
  return guarded(text + gap() + "offset" + gap() + "7m", Duration(420'000));
}

Model literal() {
  return {.plain = "0x1F", .guarded = "0x1F"};
}

Model range_call() {
  const std::string range = bare_selector() + "[5m]";
  return guarded(one_of({"rate(" + range + ")", "quantile_over_time(0.5," + gap() + range + ")",
                         "predict_linear( (" + range + " ) , 4*3600)"}),
                 Duration(300'000));
}

Model expression(int depth);

Model subquery_call(int depth) {
  const Model inner = expression(depth - 1);
  Model call = same("max_over_time((" + inner.plain + ")[1h:1m] offset 1m)", inner);
  call.reach += Duration(3'660'000);
  return call;
}

Model left_alone(int depth) {
  const Model inner = expression(depth - 1);
  return same(one_of({"absent(", "unheard_of(1, "}) + inner.plain + ")", inner);
}

Model aggregation(int depth) {
  const Model inner = expression(depth - 1);
  const std::string close = gap() + ")";
  if (*rc::gen::arbitrary<bool>()) return enclosed("sum by(by, job)(", inner, close);
  return enclosed("topk(3," + gap(), inner, close + "without (sum)");
}

Model operation(int depth) {
  const Model left = expression(depth - 1);
  const Model right = expression(depth - 1);
  const bool open_group = right.plain[0] != '(' && *rc::gen::arbitrary<bool>();
  const std::string op =
      open_group ? "* on (a)" + gap() + "group_left"
                 : one_of({"+", "==bool", "unless", "and ignoring(on,)", "- on() group_right()"});
  const std::string between = gap() + op + gap();
  return {
      .plain = left.plain + between + right.plain,
      .guarded = left.guarded + between + (open_group && right.opens ? "() " : "") + right.guarded,
      .reach = std::max(left.reach, right.reach),
      .opens = left.opens};
}

Model expression(int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 11 : 4)) {
    case 0:
      return selector();
    case 1:
      return range_call();
    case 2:
      return literal();
    case 3:
      return guarded("timestamp(" + gap() + bare_selector() + ")", Duration(0));
    case 4:
      return subquery_call(depth);
    case 5:
      return left_alone(depth);
    case 6:
      return aggregation(depth);
    case 7:
      return enclosed("(" + gap(), expression(depth - 1), ")");
    case 8:
      return enclosed("- -", expression(depth - 1), "");
    default:
      return operation(depth);
  }
}

RC_GTEST_PROP(OwnershipGuardProperty, GuardsWhatItShouldAndNothingElse, ()) {
  const Model model = expression(*rc::gen::inRange(0, 5));
  const GuardedExpression result = guard_expression(model.plain);
  RC_ASSERT(result.expr == model.guarded);
  RC_ASSERT(result.changed == (model.guarded != model.plain));
  RC_ASSERT(result.longest_range == model.reach);
}

RC_GTEST_PROP(OwnershipGuardProperty, GuardingTwiceIsGuardingOnce, ()) {
  const Model model = expression(*rc::gen::inRange(0, 5));
  RC_ASSERT(guard_expression(model.guarded).expr == model.guarded);
  RC_ASSERT(guard_expression(model.guarded).longest_range == model.reach);
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

bool is_subsequence(std::string_view part, std::string_view whole) {
  std::size_t matched = 0;
  for (const char c : whole) {
    if (matched < part.size() && c == part[matched]) ++matched;
  }
  return matched == part.size();
}

// Holds for any bytes at all: only whole insertions are added, and none to what cannot be read.
void check_only_inserts(const std::string& text) {
  const GuardedExpression once = guard_expression(text);
  if (!read_promql(text).ok()) RC_ASSERT(once.expr == text);
  RC_ASSERT(once.changed == (once.expr != text));
  RC_ASSERT(is_subsequence(text, once.expr));
  const std::size_t guards = count(once.expr, kClosing) - count(text, kClosing);
  const std::size_t added = once.expr.size() - text.size();
  RC_ASSERT(added >= guards * (1 + kClosing.size()));
  RC_ASSERT(added <= guards * (4 + kClosing.size()));
  RC_ASSERT(guard_expression(once.expr).expr == once.expr);
}

RC_GTEST_PROP(OwnershipGuardProperty, SurvivesAnyBytes, (const std::string& text)) {
  check_only_inserts(text);
}

RC_GTEST_PROP(OwnershipGuardProperty, SurvivesAnyTokens, ()) {
  const auto tokens = *rc::gen::container<
      std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
      "x",     "x",    "sum",    "by",      "on",        "offset",     "unless",
      "bool",  "rate", "absent", "inf",     "timestamp", "group_left", "promster_foreign_target",
      "(",     ")",    "(",      ")",       "{",         "}",          "[",
      "]",     "5m",   "[5m]",   "[5m:1m]", "1",         "1e",         "-",
      "+",     "==",   "=~",     "=",       "@",         ",",          ":",
      "\"a\"", "\"",   "'",      "`",       "#",         "\n",         " ",
      " ",     "\\",   "\xc3",   "\xff"}));
  std::string text;
  for (const std::string& token : tokens) text += token;
  check_only_inserts(text);
}

RC_GTEST_PROP(OwnershipGuardProperty, SurvivesDamage, ()) {
  std::string text = (*rc::gen::elementOf(kGuardCases)).expression();
  RC_PRE(!text.empty());
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  const auto length = *rc::gen::inRange<std::size_t>(0, 6);
  const std::string by =
      *rc::gen::element<std::string>("", "(", ")", "\"", "{", "[5m]", " x ", "-");
  check_only_inserts(text.replace(at, length, by));
}

}  // namespace
}  // namespace promster
