#include "etcd/messages.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "etcd.pb.h"

namespace promster {
namespace {

namespace pb = etcdserverpb;

TEST(Messages, EveryMethodIsInTheProto) {
  const auto* file = pb::RangeRequest::descriptor()->file();
  for (const std::string path :
       {method::kRange, method::kPut, method::kWatch, method::kLeaseGrant, method::kLeaseRevoke,
        method::kLeaseKeepAlive, method::kAuthenticate}) {
    const auto slash = path.find('/', 1);
    const auto* service = file->pool()->FindServiceByName(path.substr(1, slash - 1));
    ASSERT_NE(service, nullptr) << path;
    EXPECT_NE(service->FindMethodByName(path.substr(slash + 1)), nullptr) << path;
  }
}

pb::RangeRequest range_request(const RangeRequest& request) {
  pb::RangeRequest message;
  EXPECT_TRUE(message.ParseFromString(encode_range(request)));
  return message;
}

TEST(Messages, RangeOfAPrefix) {
  const auto message = range_request(
      {.prefix = "/a/", .start_key = "/a/b", .limit = 7, .revision = 9, .keys_only = true});
  EXPECT_EQ(message.key(), "/a/b");
  EXPECT_EQ(message.range_end(), "/a0");
  EXPECT_EQ(message.limit(), 7);
  EXPECT_EQ(message.revision(), 9);
  EXPECT_TRUE(message.keys_only());
  EXPECT_FALSE(message.serializable());
}

TEST(Messages, RangeOfEverything) {
  const auto message = range_request({.prefix = "", .start_key = ""});
  EXPECT_EQ(message.key(), std::string(1, '\0'));
  EXPECT_EQ(message.range_end(), std::string(1, '\0'));
}

TEST(Messages, WatchAsksForFragmentsAndProgress) {
  pb::WatchRequest message;
  ASSERT_TRUE(message.ParseFromString(encode_watch({.prefix = "/a/", .start_revision = 5})));
  EXPECT_EQ(message.create_request().key(), "/a/");
  EXPECT_EQ(message.create_request().range_end(), "/a0");
  EXPECT_EQ(message.create_request().start_revision(), 5);
  EXPECT_TRUE(message.create_request().fragment());
  EXPECT_TRUE(message.create_request().progress_notify());
}

TEST(Messages, ALeaseHasWholeSeconds) {
  const auto seconds = [](int ms) {
    pb::LeaseGrantRequest message;
    EXPECT_TRUE(message.ParseFromString(encode_grant(Duration(ms))));
    return message.ttl();
  };
  EXPECT_EQ(seconds(0), 1);
  EXPECT_EQ(seconds(1000), 1);
  EXPECT_EQ(seconds(1001), 2);
  EXPECT_EQ(seconds(10'000), 10);
}

TEST(Messages, ADeletionHasNoValueAndAPutMayHaveAnEmptyOne) {
  pb::WatchResponse response;
  auto* deletion = response.add_events();
  deletion->set_type(pb::Event::DELETE);
  deletion->mutable_kv()->set_key("gone");
  deletion->mutable_kv()->set_mod_revision(8);
  response.add_events()->mutable_kv()->set_key("empty");
  const auto message = decode_watch(response.SerializeAsString());
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(message->changes[0].key, "gone");
  EXPECT_EQ(message->changes[0].value, std::nullopt);
  EXPECT_EQ(message->changes[0].mod_revision, 8);
  EXPECT_EQ(message->changes[1].value, "");
}

TEST(Messages, ALeaseOfAnyLengthFits) {
  pb::LeaseKeepAliveResponse response;
  response.set_ttl(std::numeric_limits<std::int64_t>::max());
  const auto answer = decode_keep_alive(response.SerializeAsString());
  ASSERT_TRUE(answer.ok());
  EXPECT_GT(answer->ttl, Duration(0));
}

// Whatever arrives, decoding ends, and says why where it cannot read it.
RC_GTEST_PROP(Messages, AnyBytesAreDecodedOrRefused, (const std::string& bytes)) {
  const auto watch = decode_watch(bytes);
  const auto range = decode_range(bytes);
  if (!watch) RC_ASSERT(watch.error().message == "the answer to watch cannot be read");
  if (!range) RC_ASSERT(range.error().message == "the answer to range cannot be read");
  RC_CLASSIFY(!watch);
}

// Every key with the prefix is below its end, and every other key is not between the two.
RC_GTEST_PROP(PrefixEnd, HoldsThePrefixAndNothingElse,
              (const std::string& prefix, const std::string& key)) {
  const std::string end = prefix_end(prefix);
  const bool open = end == std::string(1, '\0');
  const auto inside = [&](const std::string& k) { return k >= prefix && (open || k < end); };
  RC_ASSERT(inside(prefix + key));
  if (!open) RC_ASSERT(inside(key) == key.starts_with(prefix));
}

TEST(PrefixEnd, Edges) {
  EXPECT_EQ(prefix_end("/a/"), "/a0");
  EXPECT_EQ(prefix_end("a\xff"), "b");
  EXPECT_EQ(prefix_end("\xff\xff"), std::string(1, '\0'));
  EXPECT_EQ(prefix_end(""), std::string(1, '\0'));
}

}  // namespace
}  // namespace promster
