#include <chrono>
#include <ostream>
#include <utility>

#include "cli/commands.h"
#include "cli/node_client.h"
#include "cli/top_feed.h"
#include "cli/top_model.h"
#include "cli/top_terminal.h"

namespace promster {
namespace {

using std::chrono::steady_clock;

// Between two times that are asked for the same: while changes are told only the lease and the
// health of targets go on unsaid.
constexpr std::chrono::seconds kLivePause{5}, kPause{2};

std::string variable(const CommandCall& call, const std::string& name) {
  const auto found = call.environment.find(name);
  return found == call.environment.end() ? "" : found->second;
}

int show_once(const CommandCall& call, const NodeAddress& node) {
  TopModel model{.url = node.url};
  NodeClient client(node);
  for (const std::string& resource : wanted_resources(model)) {
    take_answer(model, resource, client.ask(resource));
    if (model.trouble.empty()) continue;
    print_error(call.err, model.trouble);
    return kExitFailed;
  }
  for (const ReportLine& line : top_lines(model)) call.out << line.text << "\n";
  return kExitFine;
}

// The loop of the screen: what was told changes the model, which is drawn anew.
class TopLoop {
 public:
  TopLoop(const NodeAddress& node, Terminal& terminal)
      : terminal_(terminal), model_{.url = node.url}, feed_(node, inbox_) {}

  void run() {
    const std::jthread watcher([this](const std::stop_token& stop) {
      Terminal::watch([this](Terminal::Happened one) { inbox_.push(std::move(one)); }, stop);
    });
    while (!ended_) {
      if (ask_) {
        feed_.want(wanted_resources(model_));
        asked_ = steady_clock::now();
      }
      ask_ = false;
      const Terminal::Size size = terminal_.size();
      terminal_.draw(top_screen(model_, size.width, size.height));
      const auto next = asked_ + (model_.live ? kLivePause : kPause);
      const auto inputs = inbox_.wait_until(next);
      ask_ = inputs.empty();
      for (const TopInput& input : inputs) {
        std::visit([this](const auto& one) { take(one); }, input);
      }
    }
  }

 private:
  void take(const TopAnswer& answer) { take_answer(model_, answer.resource, answer.data); }
  void take(const TopNews& news) {
    model_.live = news.live;
    ask_ = ask_ || news.live;
  }
  void take(const Terminal::Happened& happened) {
    ended_ = ended_ || happened.ended;
    for (const std::string& key : read_keys(happened.typed)) {
      const KeyEffect effect = press(model_, key, terminal_.size().height);
      ended_ = ended_ || effect == KeyEffect::kQuit;
      ask_ = ask_ || effect == KeyEffect::kAsk;
    }
  }

  Terminal& terminal_;
  TopModel model_;
  Inbox<TopInput> inbox_;
  TopFeed feed_;
  bool ask_ = true, ended_ = false;
  steady_clock::time_point asked_{};
};

int top(const CommandCall& call) {
  const auto node = read_node_address(call);
  if (!node) {
    print_error(call.err, node.error().message);
    return kExitUsage;
  }
  if (call.flag("--once") || !Terminal::usable(variable(call, "TERM"))) {
    return show_once(call, *node);
  }
  auto terminal = Terminal::take(variable(call, "NO_COLOR").empty());
  if (!terminal) {
    print_error(call.err, terminal.error().message + "; try: promster top --once");
    return kExitFailed;
  }
  TopLoop(*node, *terminal).run();
  return kExitFine;
}

std::vector<CommandOption> top_options() {
  std::vector<CommandOption> options = node_options();
  options.push_back({.name = "--once",
                     .help = "prints it once and ends, as where there is no terminal to draw on"});
  return options;
}

}  // namespace

Command top_command() {
  return {.name = "top",
          .summary = "the status page for a terminal, which follows what happens",
          .about =
              "Keys: q quits, 1 to 5 and tab change the view, / searches targets, arrows "
              "scroll, ? says the others. The variable NO_COLOR turns colours off.",
          .takes_settings = true,
          .bears_bad_settings = true,
          .options = top_options(),
          .examples = {{"promster top", "shows the node on this machine."},
                       {"promster top --url=http://10.0.0.1:9096", "shows another one."},
                       {"promster top --once", "prints the overview once."}},
          .exits = {{kExitFine, "fine"},
                    {kExitFailed, "nobody answered, or there is no such terminal"},
                    {kExitUsage, "wrong usage"}},
          .run = top};
}

}  // namespace promster
