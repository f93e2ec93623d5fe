#include "core/keyspace.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace promster {
namespace {

Target target_of(const std::string& key, const std::string& value = "") {
  const auto parsed = parse_target({.key = key, .value = value, .mod_revision = 1});
  if (const auto* rejected = std::get_if<Rejected>(&parsed)) {
    ADD_FAILURE() << rejected->code << ": " << rejected->reason;
    return {};
  }
  return std::get<Target>(parsed);
}

Rejected rejected_of(const std::string& key, const std::string& value = "") {
  const auto parsed = parse_target({.key = key, .value = value, .mod_revision = 1});
  if (!std::holds_alternative<Rejected>(parsed)) {
    ADD_FAILURE() << key << " was taken";
    return {};
  }
  return std::get<Rejected>(parsed);
}

std::string prsn_of(const std::string& key) {
  const Target target = target_of(key);
  const std::string* prsn = target.labels.find("prsn");
  return prsn == nullptr ? "none" : *prsn;
}

Member member_of(const std::string& key, const std::string& value) {
  const auto parsed = parse_member({.key = key, .value = value, .mod_revision = 1});
  if (std::holds_alternative<Rejected>(parsed)) {
    ADD_FAILURE() << std::get<Rejected>(parsed).reason;
    return {};
  }
  return std::get<Member>(parsed);
}

TEST(KeyspaceTest, TargetOfAKey) {
  const Target target = target_of("/webservers/generator/10.1.0.1:3000");
  EXPECT_EQ(target.key, "/webservers/generator/10.1.0.1:3000");
  EXPECT_EQ(target.address, "10.1.0.1:3000");
  EXPECT_EQ(target.labels, (Labels{{"prsn", "generator"}}));
}

TEST(KeyspaceTest, PrsnIsTheSegmentAbove) {
  EXPECT_EQ(prsn_of("/webservers/generator/h:1"), "generator");
  EXPECT_EQ(prsn_of("webservers/generator/h:1"), "generator");
  EXPECT_EQ(prsn_of("/a/b c/h:1"), "b c");
  EXPECT_EQ(prsn_of("/a//h:1"), "a");
  EXPECT_EQ(prsn_of("/h:1"), "/");
  EXPECT_EQ(prsn_of("//h:1"), "/");
  EXPECT_EQ(prsn_of("h:1"), "/");
}

TEST(KeyspaceTest, RejectsWhatNoTargetCanBe) {
  EXPECT_EQ(rejected_of("/a/b/").code, "address");
  EXPECT_EQ(rejected_of("/a/b/").reason, "\"/a/b/\" names a folder; register host:port below it");
  EXPECT_EQ(rejected_of("").code, "address");
  EXPECT_EQ(rejected_of("/a/b").reason, "\"b\" has no port; register host:port");
  EXPECT_EQ(rejected_of("/a/h\n:1").code, "address");
  EXPECT_EQ(rejected_of("/a\x01/h:1").code, "label");
  EXPECT_EQ(rejected_of("/a\xff/h:1").code, "not_utf8");
  EXPECT_EQ(rejected_of("/" + std::string(257, 'a') + "/h:1").code, "label");
  EXPECT_EQ(prsn_of("/" + std::string(256, 'a') + "/h:1"), std::string(256, 'a'));
}

TEST(KeyspaceTest, NamesTheWholeUrlInAKey) {
  for (const std::string prefix : {"", "/", "/webservers/generator/"}) {
    EXPECT_EQ(rejected_of(prefix + "http://10.0.0.9:80/metrics").reason,
              "\"http://10.0.0.9:80/metrics\" has a scheme; register host:port");
    EXPECT_EQ(rejected_of(prefix + "https://10.0.0.9:80").code, "address");
  }
}

TEST(KeyspaceTest, LimitsOfKeyAndValueAreExact) {
  const std::string key = "/a/" + std::string(1024 - 3 - 4, 'x');
  EXPECT_EQ(rejected_of(key + "/h:1").code, "label");  // 1 KiB: read
  EXPECT_EQ(rejected_of(key + "x/h:1").code, "key_too_long");
  EXPECT_EQ(target_of("/a/h:1", std::string(64 << 10, ' ')).address, "h:1");
  EXPECT_EQ(rejected_of("/a/h:1", std::string((64 << 10) + 1, ' ')).code, "value_too_long");
}

TEST(KeyspaceTest, ReasonsAreOneLineAndKeysStayWhole) {
  const std::string key = "/a\n\x1b[2J/h";
  const Rejected rejected = rejected_of(key);
  EXPECT_EQ(rejected.key, key);
  EXPECT_EQ(rejected.reason.find_first_of("\n\x1b"), std::string::npos);
}

RC_GTEST_PROP(KeyspaceTest, NothingThatIsTakenCanHarmATargetFile, ()) {
  const auto text = rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("/:ab1.\n\"\\{}[]\xc3\xa9 ,") + std::string(1, '\0')));
  const auto parsed = parse_target({.key = *text, .value = *text, .mod_revision = 1});
  const auto* target = std::get_if<Target>(&parsed);
  if (target == nullptr) return;
  for (const char c : target->address) RC_ASSERT(c > 0x20 && c < 0x7f && c != '/');
  for (const auto& [name, value] : target->labels.pairs()) {
    RC_ASSERT(is_label_name(name));
    RC_ASSERT(value.find('\n') == std::string::npos);
  }
}

TEST(KeyspaceTest, MemberKeysAreCleanedAsTheOriginalDoes) {
  EXPECT_EQ(member_key("/registry", "prom-level1", "10.0.0.1:9090"),
            "/registry/prom-level1/10.0.0.1:9090");
  EXPECT_EQ(member_key("/registry/", "svc/x", "n:1"), "/registry/svc-x/n:1");
  EXPECT_EQ(member_key("registry", "svc", "n:1"), "registry/svc/n:1");
  EXPECT_EQ(member_key("//a//./b/../c//", "svc", "n:1"), "/a/c/svc/n:1");
  EXPECT_EQ(member_key("/../a", "svc", "n:1"), "/a/svc/n:1");
  EXPECT_EQ(member_key("../a", "svc", "n:1"), "../a/svc/n:1");
  EXPECT_EQ(member_key("", "svc", "n:1"), "svc/n:1");
  EXPECT_EQ(member_key("/", "svc", "n:1"), "/svc/n:1");
  EXPECT_EQ(member_key("/registry", "svc", "a/b:1"), "/registry/svc/a-b:1");
}

RC_GTEST_PROP(KeyspaceTest, AMemberSeesItself, ()) {
  const auto text = rc::gen::container<std::string>(rc::gen::elementOf(std::string("/.ab-")));
  const std::string base = *text, service = *text;
  const std::string prefix = member_prefix(base, service);
  const std::string key = member_key(base, service, "10.0.0.1:9090");
  RC_ASSERT(key == prefix + "10.0.0.1:9090");
  RC_ASSERT(prefix.empty() || prefix.ends_with('/'));
  RC_ASSERT(prefix.find("//") == std::string::npos);
}

TEST(KeyspaceTest, AMemberWithoutAValueOfOursIsAnOriginal) {
  const Member original{.name = "10.0.0.1:9090"};
  for (const std::string value :
       {"", "{}", "null", "[]", "not JSON", R"({"a":"b"})", R"({"promster":"yes"})",
        R"({"promster":null})", R"({"promster":{"algorithm":7,"applied":["x"]}})"}) {
    EXPECT_EQ(member_of("/registry/s/10.0.0.1:9090", value), original) << value;
  }
}

TEST(KeyspaceTest, AMembersNameIsAnAddress) {
  for (const std::string key :
       {"/r/s/", "/r/s/x", "/r/s/http://a:1", "/r/s/:9090", "/r/s/a\xff:1"}) {
    EXPECT_TRUE(std::holds_alternative<Rejected>(
        parse_member({.key = key, .value = "", .mod_revision = 1})))
        << key;
  }
}

TEST(KeyspaceTest, WhatAMemberSaysThatIsUnfitToShowIsLeftOut) {
  const Member member = member_of("/r/s/a:1", R"({"promster": {"algorithm": "bounded-1",
      "state": "draining", "web": "javascript:x", "version": "1\n2", "unknown": {}}})");
  EXPECT_EQ(member.algorithm, kBoundedAlgorithm);
  EXPECT_EQ(member.state, MemberState::kDraining);
  EXPECT_EQ(member.web, "");
  EXPECT_EQ(member.version, "");
}

RC_GTEST_PROP(KeyspaceTest, AMembersValueReadsBack, ()) {
  const auto text = rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("ab/\"\\<&{}:, ") + std::string("\x7e")));
  const bool has_page = *rc::gen::arbitrary<bool>();
  const Member member{
      .name = "[::1]:9090",
      .algorithm = *text,
      .state = *rc::gen::element(MemberState::kActive, MemberState::kDraining),
      .applied = *text,
      .instance = *text,
      .scrapes = *text,
      .web = has_page ? "http://" + *text : "",
      .version = *text + "\xc3\xa9",
  };
  RC_ASSERT(member_of("/r/s/[::1]:9090", render_member_value(member)) == member);
}

TEST(KeyspaceTest, AMembersValueIsThePublishedFormat) {
  const Member member{.name = "a:1", .algorithm = "bounded-1", .applied = "ab12"};
  EXPECT_EQ(render_member_value(member),
            R"({"promster":{"algorithm":"bounded-1","applied":"ab12","instance":"","scrapes":"",)"
            R"("state":"active","version":"","web":""}})");
}

TEST(KeyspaceTest, ALevelScrapesTheOneBelow) {
  const std::string value = render_member_value({.name = "a:1", .algorithm = "bounded-1"});
  const Target target = target_of("/registry/prom-level1/a:1", value);
  EXPECT_EQ(target.address, "a:1");
  EXPECT_EQ(target.labels, (Labels{{"prsn", "prom-level1"}}));
}

}  // namespace
}  // namespace promster
