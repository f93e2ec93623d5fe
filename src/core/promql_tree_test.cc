#include "core/promql_tree.h"

#include <gtest/gtest.h>

#include <string>

#include "core/promql_function.h"

namespace promster {
namespace {

// The tree as one line: kinds by letter, names, what is modified and by how much.
std::string shown(const PromqlNode& node) {
  constexpr std::string_view kLetters = "lsrqcapuo";
  std::string out(1, kLetters[static_cast<std::size_t>(node.kind)]);
  if (!node.name.empty()) out += ":" + std::string(node.name);
  if (node.range.count() != 0) out += "[" + format_duration(node.range) + "]";
  if (node.modified) out += "@" + std::to_string(node.offset.count());
  if (node.children.empty()) return out;
  out += "(";
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) out += node.operators.empty() ? "," : std::string(node.operators[i - 1].symbol);
    out += shown(node.children[i]);
  }
  return out + ")";
}

std::string shown(std::string_view expr) {
  const auto root = read_promql(expr);
  return root ? shown(*root) : root.error().message;
}

TEST(PromqlTree, Selectors) {
  EXPECT_EQ(shown("x"), "s:x");
  EXPECT_EQ(shown("x{a=\"b\", c!~'d',}"), "s:x");
  EXPECT_EQ(shown("{__name__=~\"y.*\"}"), "s:y.*");
  EXPECT_EQ(shown("{\"quoted name\", \"a.b\"=\"c\"}"), "s:quoted name");
  EXPECT_EQ(shown("x[5m]"), "r:x[5m]");
  EXPECT_EQ(shown("x[300]"), "r:x[5m]");
  EXPECT_EQ(shown("x offset 5m"), "s:x@300000");
  EXPECT_EQ(shown("x @ -1.5 offset -5m"), "s:x@-300000");
  EXPECT_EQ(shown("x[1h] offset 5m @ start()"), "r:x[1h]@300000");
}

TEST(PromqlTree, Subqueries) {
  EXPECT_EQ(shown("x[1h:]"), "q[1h](s:x)");
  EXPECT_EQ(shown("f(x[5m])[1h:1m] offset 1m"), "q[1h]@60000(c:f(r:x[5m]))");
  EXPECT_EQ(shown("-a + b offset 1s [1h:1m]"), "o(u(s:a)+q[1h](s:b@1000))");
  EXPECT_EQ(shown("(a)[1h:][1d:]"), "q[1d](q[1h](p(s:a)))");
}

TEST(PromqlTree, CallsAndAggregations) {
  EXPECT_EQ(shown("time()"), "c:time");
  EXPECT_EQ(shown("f(1, \"a\", x)"), "c:f(l,l,s:x)");
  EXPECT_EQ(shown("sum(x)"), "a:sum(s:x)");
  EXPECT_EQ(shown("SUM BY (a, on) (x)"), "a:SUM(s:x)");
  EXPECT_EQ(shown("topk(5, x) without ()"), "a:topk(l,s:x)");
  EXPECT_EQ(shown("sum + sum{a='b'}"), "o(s:sum+s:sum)");
}

TEST(PromqlTree, Operators) {
  EXPECT_EQ(shown("a + b * -c"), "o(s:a+s:b*u(s:c))");
  EXPECT_EQ(shown("a AND on (x) b or 1"), "o(s:aANDs:borl)");
  EXPECT_EQ(shown("and and and"), "o(s:andands:and)");
  const auto root = read_promql("a unless on (job, instance) b > bool c * on () group_left d");
  ASSERT_TRUE(root.ok());
  ASSERT_EQ(root->operators.size(), 3U);
  EXPECT_TRUE(root->operators[0].plain && root->operators[0].on);
  EXPECT_EQ(root->operators[0].labels, (std::vector<std::string_view>{"job", "instance"}));
  EXPECT_FALSE(root->operators[1].plain || root->operators[1].open_group);
  EXPECT_FALSE(root->operators[2].plain);
  EXPECT_TRUE(root->operators[2].open_group);
}

TEST(PromqlTree, KnowsWhereThingsAre) {
  const std::string expr = " a + # c\n rate(x{b=\"c\"}[5m]) ";
  const auto root = read_promql(expr);
  ASSERT_TRUE(root.ok());
  const auto text = [&](const PromqlNode& node) {
    return expr.substr(node.begin, node.end - node.begin);
  };
  EXPECT_EQ(text(*root), "a + # c\n rate(x{b=\"c\"}[5m])");
  EXPECT_EQ(text(root->children[0]), "a");
  EXPECT_EQ(text(root->children[1]), "rate(x{b=\"c\"}[5m])");
  EXPECT_EQ(text(root->children[1].children[0]), "x{b=\"c\"}[5m]");
}

TEST(PromqlTree, SaysWhereItCannotGoOn) {
  EXPECT_EQ(shown(""), "at byte 0: the expression ends too early");
  EXPECT_EQ(shown("sum(x"), "at byte 5: the expression ends too early");
  EXPECT_EQ(shown("x y"), "at byte 2: something else was expected");
  EXPECT_EQ(shown("x)"), "at byte 1: something else was expected");
  EXPECT_EQ(shown("x[5m] [5m]"), "at byte 6: something else was expected");
  EXPECT_EQ(shown("x[5m5h]"), "at byte 2: something else was expected");
}

TEST(PromqlTree, RefusesWhatIsNoPromql) {
  for (const char* bad : {"x offset 5m[5m]",
                          "(x) offset 5m",
                          "1 @ 5",
                          "x @ y",
                          "x @ start",
                          "x offset",
                          "x[5m:1m",
                          "x[5m:1m:1m]",
                          "x{a}",
                          "x{a=b}",
                          "x{,}",
                          "x{a=\"b\" c=\"d\"}",
                          "sum by a (x)",
                          "f(x,)",
                          "x * group_left y",
                          "x * on x",
                          "x * on (a",
                          "on",
                          "bool",
                          "x + on",
                          "()",
                          "[5m]",
                          "x[]",
                          "x{a==\"b\"}",
                          "x = y",
                          "x =~ y",
                          "5 5",
                          "sum",
                          "sum by (a)",
                          "x[9999999999]"}) {
    const bool selector = std::string_view(bad) == "sum";  // by itself it is a metric
    EXPECT_EQ(read_promql(bad).ok(), selector) << bad;
  }
}

TEST(PromqlFunctions, AreKnownByWhatTheyDoWithASelector) {
  EXPECT_EQ(promql_function("rate"), PromqlFunction::kPlain);
  EXPECT_EQ(promql_function("abs"), PromqlFunction::kPlain);
  EXPECT_EQ(promql_function("year"), PromqlFunction::kPlain);
  EXPECT_EQ(promql_function("timestamp"), PromqlFunction::kTimestamp);
  EXPECT_EQ(promql_function("absent"), PromqlFunction::kAbsent);
  EXPECT_EQ(promql_function("absent_over_time"), PromqlFunction::kAbsent);
  EXPECT_EQ(promql_function("info"), PromqlFunction::kInfo);
  for (const char* unknown : {"", "Rate", "rates", "sum"}) {
    EXPECT_EQ(promql_function(unknown), PromqlFunction::kUnknown) << unknown;
  }
}

}  // namespace
}  // namespace promster
