#include "cli/findings.h"

#include <gtest/gtest.h>

#include <sstream>

namespace promster {
namespace {

struct Said {
  std::ostringstream out, err;
  CommandCall call{.arguments = {},
                   .options = {},
                   .positionals = {},
                   .loaded = {},
                   .environment = {},
                   .out = out,
                   .err = err};
};

TEST(Findings, AreSaidAtOnceInATable) {
  Said said;
  Findings findings(said.call, false);
  findings.fine("settings");
  EXPECT_EQ(said.out.str(), "ok: settings\n");
  findings.warn("rules not checked");
  EXPECT_EQ(said.err.str(), "promster: warning: rules not checked\n");
  EXPECT_EQ(findings.finish(), kExitOnlyFindings);
  findings.fail("no etcd");
  EXPECT_EQ(findings.finish(), kExitFailed);
  EXPECT_EQ(findings.finish(kExitUsage), kExitUsage);
}

TEST(Findings, AreOneArrayInJson) {
  Said said;
  Findings findings(said.call, true);
  findings.fine("a \"b\"");
  findings.fail("no etcd");
  EXPECT_EQ(said.out.str(), "");
  EXPECT_EQ(findings.finish(), kExitFailed);
  EXPECT_EQ(said.out.str(),
            "[\n"
            "  {\"result\": \"ok\", \"message\": \"a \\\"b\\\"\"},\n"
            "  {\"result\": \"error\", \"message\": \"no etcd\"}\n"
            "]\n");
  EXPECT_EQ(said.err.str(), "");
}

TEST(Findings, WithoutAnyAllIsWell) {
  Said said;
  EXPECT_EQ(Findings(said.call, true).finish(), kExitFine);
  EXPECT_EQ(said.out.str(), "[\n]\n");
}

}  // namespace
}  // namespace promster
