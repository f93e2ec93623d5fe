#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "web/api.h"
#include "web/api_record_for_test.h"
#include "web/http_server.h"
#include "web/page_snapshots_for_test.h"

namespace promster {

// The API of one node behind a real server, whose answers are recorded. For tests.
class ApiServer {
 public:
  explicit ApiServer(Snapshot snapshot) : ApiServer(std::move(snapshot), nullptr) {}
  // `change` completes the view that the API is made from.
  ApiServer(Snapshot snapshot, const std::function<void(NodeView&)>& change) {
    published_.set(std::move(snapshot));
    NodeView view = example_view(published_);
    if (change) change(view);
    add_api(router_, view);
    server_ = HttpServer::start({.listen = {"127.0.0.1:0"}}, [this](const WebRequest& request) {
                return router_.handle(request);
              }).value();
  }

  std::string base() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
  HttpServer& server() { return *server_; }
  void publish(Snapshot snapshot) { published_.set(std::move(snapshot)); }

  HttpResponse get(const std::string& path) { return get_api(client_, base(), "/api/v1/" + path); }

  // The data of an answer that is expected to be fine.
  nlohmann::json data(const std::string& path) {
    const HttpResponse response = get(path);
    EXPECT_EQ(response.status, 200) << path << ": " << response.body;
    EXPECT_EQ(response.header("content-type"), "application/json") << path;
    const nlohmann::json answer = nlohmann::json::parse(response.body, nullptr, false);
    EXPECT_EQ(answer.value("status", ""), "success") << path << ": " << response.body;
    return answer.value("data", nlohmann::json());
  }

  // The words of an answer that is expected to be an error, after its type.
  std::string error(const std::string& path, int status) {
    const HttpResponse response = get(path);
    EXPECT_EQ(response.status, status) << path << ": " << response.body;
    const nlohmann::json answer = nlohmann::json::parse(response.body, nullptr, false);
    return answer.value("errorType", "") + ": " + answer.value("error", "");
  }

 private:
  Published<Snapshot> published_;
  Router router_;
  HttpClient client_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace promster
