#include "core/prometheus_url.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

TEST(PrometheusUrl, ReadsItsParts) {
  const auto url = parse_prometheus_url("https://prom.example:8443/metrics/prom/");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "prom.example");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->authority, "prom.example:8443");
  EXPECT_EQ(url->path, "/metrics/prom");
}

TEST(PrometheusUrl, FillsInThePort) {
  EXPECT_EQ(parse_prometheus_url("http://localhost")->authority, "localhost:80");
  EXPECT_EQ(parse_prometheus_url("https://localhost/")->port, 443);
  EXPECT_EQ(parse_prometheus_url("http://localhost/")->path, "");
}

TEST(PrometheusUrl, KeepsIpv6InBracketsWhereItIsAnAddress) {
  const auto url = parse_prometheus_url("http://[::1]:9090");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->authority, "[::1]:9090");
  EXPECT_EQ(parse_prometheus_url("http://[::1]")->authority, "[::1]:80");
}

TEST(PrometheusUrl, RefusesWhatItIsNot) {
  for (const char* text : {"", "localhost:9090", "ftp://localhost", "http://", "http://:9090",
                           "http://a:", "http://a:0", "http://a:65536", "http://a:9x",
                           "http://user@a", "http://a?x=1", "http://a/#f", "http://[::1",
                           "http://[::1]x", "http://[a b]", "http://a b", "http://a/x\ny"}) {
    EXPECT_FALSE(parse_prometheus_url(text)) << text;
  }
  EXPECT_NE(parse_prometheus_url("x").error().message.find("http://127.0.0.1:9090"),
            std::string::npos);
}

}  // namespace
}  // namespace promster
