#include "web/not_found.h"

#include "web/api_answer.h"
#include "web/html.h"

namespace promster {
namespace {

std::string page(const std::string& path, const std::string& home) {
  const std::string title = element("title", {}, "Not found \u00b7 promster");
  const std::string head =
      element("head", {}, void_element("meta", {{"charset", "utf-8"}}) + title);
  const std::string body = element("h1", {}, "Not found") + "\n" +
                           element("p", {}, "There is no page " + html_text(path, 200) + ".") +
                           "\n" + element("p", {}, element("a", {{"href", home}}, "Overview"));
  return "<!DOCTYPE html>\n<html lang=\"en\">\n" + head + element("body", {}, body) + "\n</html>\n";
}

}  // namespace

WebResponse not_found_answer(const WebRequest& request, const std::string& prefix) {
  if (request.path.starts_with(prefix + "/api/")) {
    return api_error(ApiFault::kNotFound, request.path + "; there is no such question; try: " +
                                              prefix + "/api/v1/openapi.yaml");
  }
  WebResponse response = plain_answer(404);
  const std::string* accept = request.header("Accept");
  if (accept == nullptr || accept->find("text/html") == accept->npos) return response;
  response.content_type = "text/html; charset=utf-8";
  response.body = page(request.path, prefix + "/");
  return response;
}

}  // namespace promster
