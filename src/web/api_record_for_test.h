#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "prom/http_client.h"
#include "web/json_object.h"

// Answers of the API, as tests get them, are kept below the build directory, where the test
// openapi/answers holds all of them against openapi.yaml (test/openapi/validate.py).
//
// The format, for whoever records in another language: any file *.jsonl in
// BUILD/openapi-answers/, of this process alone, with a JSON object a line:
//   {"path": "/api/v1/targets?q=a", "status": 200, "content_type": "application/json", "body":
//   "..."}
// `path` is without the route prefix, `body` is the text as it came, not compressed. An event of
// /api/v1/events is {"event": "status", "data": "..."}. In CMake the test that records is named to
// promster_records_answers().
namespace promster {

class AnswerRecord {
 public:
  static void answer(std::string_view path, const HttpResponse& response) {
    append(JsonObject()
               .text("path", path)
               .integer("status", response.status)
               .text("content_type", response.header("content-type"))
               .text("body", response.body)
               .str());
  }

  static void event(std::string_view name, std::string_view data) {
    append(JsonObject().text("event", name).text("data", data).str());
  }

 private:
  static void append(const std::string& line) {
    const std::filesystem::path dir =
        std::filesystem::path(PROMSTER_BINARY_DIR) / "openapi-answers";
    std::filesystem::create_directories(dir);
    std::ofstream(dir / (std::to_string(::getpid()) + ".jsonl"), std::ios::app) << line << "\n";
  }
};

// GETs a path of the API ("/api/v1/status") below `base` ("http://127.0.0.1:9096") and records the
// answer. An error is a response of status 0 whose body says why.
inline HttpResponse get_api(HttpClient& client, const std::string& base, const std::string& path) {
  const auto answer = client.get(base + path);
  if (!answer) return {.status = 0, .headers = {}, .body = answer.error().message};
  AnswerRecord::answer(path, *answer);
  return *answer;
}

}  // namespace promster
