#include "agent/advertise.h"

#include <gtest/gtest.h>

#include <vector>

namespace promster {
namespace {

using Strings = std::vector<std::string>;

TEST(FindAdvertiseAddress, OnLoopbackIsLoopback) {
  EXPECT_EQ(*find_advertise_address(Strings{"http://127.0.0.1:2379"}, "http://127.0.0.1:9095"),
            "127.0.0.1:9095");
  EXPECT_EQ(*find_advertise_address(Strings{"http://localhost:2379"}, "http://localhost:9095"),
            "127.0.0.1:9095");
}

TEST(FindAdvertiseAddress, PutsIpv6InBrackets) {
  EXPECT_EQ(*find_advertise_address(Strings{"https://[::1]:2379"}, "http://127.0.0.1:9090/prom"),
            "[::1]:9090");
}

TEST(FindAdvertiseAddress, TakesTheFirstEndpointThatHasAWay) {
  EXPECT_EQ(*find_advertise_address(Strings{"http://no.such.host.invalid:1", "http://127.0.0.1:1"},
                                    "http://p:80"),
            "127.0.0.1:80");
}

TEST(FindAdvertiseAddress, NamesTheMend) {
  const auto found =
      find_advertise_address(Strings{"http://no.such.host.invalid:2379"}, "http://p:9090");
  ASSERT_FALSE(found.ok());
  EXPECT_NE(found.error().message.find("no.such.host.invalid"), std::string::npos);
  EXPECT_NE(found.error().message.find("try: --registry.advertise-address=HOST:9090"),
            std::string::npos);
}

TEST(FindNodeName, WhatWasSetIsUsed) {
  Settings settings;
  settings.registry.etcd.endpoints = {"http://127.0.0.1:2379"};
  settings.registry.advertise_address = "prom-1:9090";
  EXPECT_EQ(*find_node_name(settings), "prom-1:9090");
  settings.registry.advertise_address.clear();
  EXPECT_EQ(*find_node_name(settings), "127.0.0.1:9090");
}

TEST(FindNodeName, WithoutARegistryItIsThePrometheuss) {
  Settings settings;
  settings.prometheus.url = "http://prom:9091";
  EXPECT_EQ(*find_node_name(settings), "prom:9091");
}

}  // namespace
}  // namespace promster
