#include "web/page_routes.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "web/api_answer.h"
#include "web/embedded_assets.h"
#include "web/page_context.h"
#include "web/page_views.h"

namespace promster {
namespace {

constexpr std::size_t kTargetsPerPage = 50;

// The page of one node: its view of the cluster, and where its files are.
struct NodePage {
  explicit NodePage(const NodeView& of) : view(of) {}
  NodePage(const NodePage&) = delete;  // `context` refers to `view`
  NodePage& operator=(const NodePage&) = delete;

  NodeView view;
  PageContext context{.view = view};
};
using NodePagePtr = std::shared_ptr<const NodePage>;

WebResponse html_answer(int status, std::string html) {
  return {.status = status,
          .content_type = "text/html; charset=utf-8",
          .body = std::move(html),
          .headers = {{"Cache-Control", "no-store"}}};
}

// A number that is none counts as the first page: links are typed by people, too.
std::size_t offset_of(const WebRequest& request) {
  const auto offset = count_parameter(request, "offset", 0, 1'000'000'000);
  return offset ? *offset : 0;
}

TargetsQuestion targets_question(const NodePage& page, const WebRequest& request) {
  return {.query = {.words = parameter(request, "q").substr(0, TargetsQuestion::kMostWords),
                    .owner = parameter(request, "owner"),
                    .offset = offset_of(request),
                    .limit = kTargetsPerPage},
          .filter = target_filter(parameter(request, "state")).value_or(TargetFilter::kAny),
          .health = page.view.ask_health && parameter(request, "health") == "true"};
}

WebResponse targets_page(const NodePage& page, const WebRequest& request) {
  const auto snapshot = page.view.snapshot.get();
  const TargetsQuestion question = targets_question(page, request);
  const TargetsPage found = find_targets(*snapshot, page.view, question);
  return html_answer(200, render_targets(page.context, *snapshot, question, found));
}

WebResponse explain_page(const NodePage& page, const WebRequest& request) {
  const auto snapshot = page.view.snapshot.get();
  const std::string& target = parameter(request, "target");
  const auto row = explain_row(*snapshot, page.view, target);
  const int status = row || target.empty()                      ? 200
                     : row.error().fault == ApiFault::kNotFound ? 404
                                                                : 503;
  return html_answer(status, render_explain(page.context, *snapshot, target, row));
}

Result<SimulatedChange> simulated(const Snapshot& snapshot, const WhatIf& what_if) {
  const auto question = read_simulation_question(what_if.add, what_if.remove);
  if (!question) return question.error();
  return simulate_change(snapshot, *question);
}

WebResponse balance_page(const NodePage& page, const WebRequest& request) {
  const auto snapshot = page.view.snapshot.get();
  WhatIf what_if{.add = parameter(request, "add"), .remove = parameter(request, "remove")};
  const bool asked = !what_if.add.empty() || !what_if.remove.empty();
  const std::string why = asked ? why_nothing_moves(*snapshot) : "";
  if (!why.empty()) {
    what_if.answer = Error{why};
  } else if (asked) {
    what_if.answer = simulated(*snapshot, what_if);
  }
  const int status = !asked || *what_if.answer ? 200 : why.empty() ? 400 : 503;
  return html_answer(status, render_balance(page.context, *snapshot, what_if));
}

WebResponse levels_page(const NodePage& page, const WebRequest&) {
  const auto snapshot = page.view.snapshot.get();
  const Result<LevelsSeen> seen =
      page.view.read_levels ? page.view.read_levels() : Error{"there is nobody to ask"};
  return html_answer(200, render_levels(page.context, *snapshot, seen));
}

using PageHandler = std::function<WebResponse(const NodePage&, const WebRequest&)>;

// Answered at once, of the newest snapshot.
WebHandler at_once(NodePagePtr page, PageHandler handler) {
  return [page = std::move(page), handler = std::move(handler)](const WebRequest& request) {
    return handler(*page, request);
  };
}

WebHandler later(NodePagePtr page, PageHandler handler) {
  return [page = std::move(page), handler = std::move(handler)](const WebRequest& request) {
    return answer_later([page, handler, request] { return handler(*page, request); });
  };
}

// What waits for other nodes, or for etcd.
WebHandler asking(NodePagePtr page, PageHandler handler) {
  return [page = std::move(page), handler = std::move(handler)](const WebRequest& request) {
    return ask_others([page, handler, request] { return handler(*page, request); });
  };
}

WebHandler targets_handler(const NodePagePtr& page) {
  return [page, search = later(page, targets_page),
          ask = asking(page, targets_page)](const WebRequest& request) {
    return asks_owners(targets_question(*page, request)) ? ask(request) : search(request);
  };
}

// A view that is made of the newest snapshot alone.
PageHandler shown(std::function<std::string(const PageContext&, const Snapshot&)> render) {
  return [render = std::move(render)](const NodePage& of, const WebRequest&) {
    return html_answer(200, render(of.context, *of.view.snapshot.get()));
  };
}

std::string overview_now(const PageContext& context, const Snapshot& snapshot) {
  return render_overview(context, snapshot, std::chrono::steady_clock::now());
}

WebResponse history_page(const NodePage& page, const WebRequest& request) {
  const auto snapshot = page.view.snapshot.get();
  return html_answer(200, render_history(page.context, *snapshot, offset_of(request)));
}

// The path without its first slash, so that it is relative to the page.
std::string add_file(Router& router, EmbeddedAsset file) {
  add_asset(router, file.path, std::move(file.asset));
  return file.path.substr(1);
}

NodePagePtr page_of(Router& router, const NodeView& view) {
  auto page = std::make_shared<NodePage>(view);
  page->context.style = add_file(router, embedded_style());
  page->context.icon = add_file(router, embedded_icon());
  if (auto scripts = embedded_scripts()) {
    page->context.first_script = add_file(router, std::move(scripts->first));
    page->context.script = add_file(router, std::move(scripts->app));
  }
  return page;
}

}  // namespace

void add_page(Router& router, const NodeView& view) {
  const NodePagePtr page = page_of(router, view);
  const auto add = [&router](const char* path, WebHandler handler) {
    router.add(path, "page", {"GET"}, std::move(handler));
  };
  add("/", at_once(page, shown(overview_now)));
  add("/targets", targets_handler(page));
  add("/explain", asking(page, explain_page));
  add("/balance", later(page, balance_page));
  add("/levels", asking(page, levels_page));
  add("/history", later(page, history_page));
  add("/reloads", later(page, shown(render_reloads)));
  add("/settings", later(page, shown(render_settings)));
}

}  // namespace promster
