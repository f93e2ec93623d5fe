#include "cli/patience.h"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <utility>
#include <vector>

namespace promster {
namespace {

constexpr Duration kSilence{1'000};

}  // namespace

Patience::Patience(std::ostream& err, std::string what, Duration most)
    : thread_([this, &err, what = std::move(what), most] {
        (void)over_.wait_until(std::chrono::steady_clock::now() + kSilence);
        if (over_.closed()) return;
        err << "promster: waiting for " << what << ", up to "
            << std::chrono::duration_cast<std::chrono::seconds>(most).count() << " s" << std::endl;
      }) {}

Patience::~Patience() {
  over_.close();
  thread_.join();
}

std::string etcds_of(const Settings& settings) {
  std::vector<std::string> endpoints = settings.scrape.etcd.endpoints;
  for (const std::string& one : settings.registry.etcd.endpoints) {
    if (std::ranges::find(endpoints, one) == endpoints.end()) endpoints.push_back(one);
  }
  std::string text = "etcd at ";
  for (const std::string& one : endpoints) text += (one == endpoints[0] ? "" : ", ") + one;
  return text;
}

}  // namespace promster
