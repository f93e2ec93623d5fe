#include "cluster/generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <sstream>

#include "cluster/wait.h"
#include "prom/http_client.h"

namespace promster {
namespace {

using Clock = std::chrono::steady_clock;

std::string body(const std::string& url) {
  const auto response = HttpClient().get(url);
  return response && response->status == 200 ? response->body : "";
}

// The sum of all samples of an exposition.
double sum(const std::string& exposition) {
  std::istringstream lines(exposition);
  std::string line;
  double total = 0;
  while (std::getline(lines, line)) {
    if (!line.starts_with('#')) total += std::stod(line.substr(line.rfind(' ')));
  }
  return total;
}

TEST(Generator, RendersSeriesThatAddUp) {
  const std::string text = render_generator_metrics("127.0.0.1:1", 1000);
  EXPECT_DOUBLE_EQ(sum(text), 1000);
  EXPECT_NE(text.find("# TYPE http_requests_app_total counter\n"), std::string::npos);
  EXPECT_NE(text.find(R"(http_requests_app_total{server_name="127.0.0.1:1",method="GET",path="/",)"
                      R"(status="200"} 500.000)"),
            std::string::npos);
}

TEST(Generator, GrowsAtItsRate) {
  const auto generator = Generator::start({.rate = 50});
  ASSERT_TRUE(generator) << generator.error().message;
  const std::string url = "http://" + (*generator)->addresses().front() + "/metrics";
  const auto first_asked = Clock::now();
  const double first = sum(body(url));
  const auto first_answered = Clock::now();
  // Ten requests more take a fifth of a second.
  auto second_asked = first_asked, second_answered = first_asked;
  double second = first;
  const auto grown = [&] {
    second_asked = Clock::now();
    second = sum(body(url));
    second_answered = Clock::now();
    return second >= first + 10;
  };
  ASSERT_TRUE(wait_for("ten requests more", std::chrono::seconds(10), grown));
  const auto seconds = [](auto length) { return std::chrono::duration<double>(length).count(); };
  EXPECT_GE(second - first, 50 * seconds(second_asked - first_answered) - 0.01);
  EXPECT_LE(second - first, 50 * seconds(second_answered - first_asked) + 0.01);
}

TEST(Generator, EachTargetHasItsOwnPortAndName) {
  const auto generator = Generator::start({.count = 20, .rate = 50});
  ASSERT_TRUE(generator) << generator.error().message;
  const auto& addresses = (*generator)->addresses();
  EXPECT_EQ(std::set<std::string>(addresses.begin(), addresses.end()).size(), 20u);
  EXPECT_DOUBLE_EQ((*generator)->total_rate(), 1000);
  for (const std::string& address : addresses) {
    EXPECT_NE(body("http://" + address + "/metrics").find("{server_name=\"" + address + "\""),
              std::string::npos);
  }
}

TEST(Generator, LogsTheScrapesOfEachTargetAndWhoTheyWereBy) {
  const auto generator = Generator::start({.count = 2});
  ASSERT_TRUE(generator) << generator.error().message;
  const std::string first = "http://" + (*generator)->addresses()[0];
  const std::string second = "http://" + (*generator)->addresses()[1];
  HttpClient one, other;
  for (HttpClient* client : {&one, &other, &one}) {
    ASSERT_TRUE(client->get(first + "/metrics"));
  }
  const auto log = parse_scrape_log(body(first + "/scrapes"));
  ASSERT_TRUE(log) << log.error().message;
  ASSERT_EQ(log->size(), 3u);
  EXPECT_LE((*log)[0].time, (*log)[1].time);
  EXPECT_LE((*log)[1].time, (*log)[2].time);
  EXPECT_GT((*log)[0].time, 1.6e9);  // unix seconds
  EXPECT_EQ((*log)[0].scraper, (*log)[2].scraper);
  EXPECT_NE((*log)[0].scraper, (*log)[1].scraper);
  const auto none = parse_scrape_log(body(second + "/scrapes"));
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_TRUE(none->empty());
}

TEST(Generator, TakesFreePortsFromTheFirst) {
  const auto probe = reserve_port();
  ASSERT_TRUE(probe);
  const auto generator = Generator::start({.count = 2, .first_port = probe->port()});
  ASSERT_TRUE(generator) << generator.error().message;
  // The first is ours, so it is passed over.
  EXPECT_GT(std::stoi((*generator)->addresses()[0].substr(10)), probe->port());
  EXPECT_GT((*generator)->addresses()[1], (*generator)->addresses()[0]);
}

}  // namespace
}  // namespace promster
