#include "cli/simulate_report.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <map>
#include <ostream>

#include "base/text.h"
#include "core/json_text.h"
#include "web/page_words.h"

namespace promster {
namespace {

constexpr std::size_t kShownMoves = 20;

std::map<std::string, std::size_t> load_by_name(const Sharing& sharing) {
  const std::vector<std::size_t> load = sharing.assignment.load();
  std::map<std::string, std::size_t> by_name;
  for (std::size_t i = 0; i < load.size(); ++i) by_name[sharing.members[i]] = load[i];
  return by_name;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + printable(name);
  return text.empty() ? "-" : text;
}

SimulatedLoads loads_of(const Sharing& sharing, const Balance& balance) {
  return {.balance = balance, .load = load_by_name(sharing)};
}

void print_balance(const SimulatedLoads& first, const SimulatedLoads& second, std::ostream& out) {
  const Balance &before = first.balance, &after = second.balance;
  const auto row = [&out](const char* what, auto one, auto other) {
    out << std::left << std::setw(12) << what << std::right << std::setw(10) << one << std::setw(10)
        << other << "\n";
  };
  row("", "before", "after");
  row("members", first.load.size(), second.load.size());
  out << std::fixed << std::setprecision(1);
  row("fair share", before.fair, after.fair);
  row("most", before.most, after.most);
  row("least", before.least, after.least);
  out << std::setprecision(2);
  row("most / mean", before.max_over_mean, after.max_over_mean);
}

void print_members(const SimulatedLoads& first, const SimulatedLoads& second, std::ostream& out) {
  const auto &before = first.load, &after = second.load;
  auto all = before;
  all.insert(after.begin(), after.end());
  std::size_t width = 6;
  for (const auto& [name, load] : all) width = std::max(width, printable(name).size());
  const auto column = static_cast<int>(width) + 2;
  out << "\n"
      << std::left << std::setw(column) << "member" << std::right << std::setw(10) << "before"
      << std::setw(10) << "after"
      << "\n";
  const auto shown = [](const std::map<std::string, std::size_t>& load, const std::string& name) {
    return load.contains(name) ? std::to_string(load.at(name)) : "-";
  };
  for (const auto& [name, load] : all) {
    out << std::left << std::setw(column) << printable(name) << std::right << std::setw(10)
        << shown(before, name) << std::setw(10) << shown(after, name) << "\n";
  }
}

// A fair share of 3.3 targets is three or four whole ones, so three moves may do.
std::size_t whole_targets(double fewest) {
  return static_cast<std::size_t>(std::floor(fewest + 1e-9));
}

void print_moves(const SimulateReport& report, std::ostream& out) {
  const WhatIfAnswer& answer = report.answer;
  print_simulated_moves(answer.moved, answer.fewest, out);
  const std::size_t shown = std::min(kShownMoves, answer.moves.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const Move& move = answer.moves[i];
    out << "  " << printable(report.names[move.target]) << "  " << joined(move.from) << " -> "
        << joined(move.to) << "\n";
  }
  if (shown == answer.moves.size()) return;
  out << "  ... and " << answer.moves.size() - shown << " more; -o json has them all\n";
}

void print_comparison(const SimulateReport& report, std::ostream& out) {
  out << "\n"
      << std::left << std::setw(12) << "algorithm" << std::right << std::setw(20)
      << "most / mean before" << std::setw(10) << "after" << std::setw(10) << "moved"
      << "\n";
  for (const AlgorithmFigures& figures : report.comparison) {
    out << std::left << std::setw(12) << any_algorithm_name(figures.algorithm) << std::right
        << std::setprecision(2) << std::setw(20) << figures.max_over_mean_before << std::setw(10)
        << figures.max_over_mean_after << std::setw(10) << figures.moved << "\n";
  }
}

// Writes `{"a": 1, "b": 2}` or `[1, 2]`, an item a line.
class JsonItems {
 public:
  JsonItems(std::ostream& out, char open, char close, const char* indent)
      : out_(out), close_(close), indent_(indent) {
    out_ << open;
  }
  ~JsonItems() { out_ << (first_ ? "" : "\n" + indent_) << close_; }
  JsonItems(const JsonItems&) = delete;
  JsonItems& operator=(const JsonItems&) = delete;

  std::ostream& next() {
    out_ << (first_ ? "\n" : ",\n") << indent_ << "  ";
    first_ = false;
    return out_;
  }
  std::ostream& next(const std::string& name) { return next() << json_quote(name) << ": "; }

 private:
  std::ostream& out_;
  const char close_;
  const std::string indent_;
  bool first_ = true;
};

std::string quoted(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + json_quote(name);
  return "[" + text + "]";
}

void json_balance(const Sharing& sharing, const Balance& balance, std::ostream& out) {
  out << "{\"members\": " << sharing.members.size() << ", \"fair\": " << balance.fair
      << ", \"most\": " << balance.most << ", \"least\": " << balance.least
      << ", \"max_over_mean\": " << balance.max_over_mean << "}";
}

void json_load(const Sharing& sharing, std::ostream& out) {
  JsonItems items(out, '{', '}', "  ");
  for (const auto& [name, load] : load_by_name(sharing)) items.next(name) << load;
}

void json_owners(const SimulateReport& report, std::ostream& out) {
  const Sharing& after = report.answer.after;
  JsonItems items(out, '{', '}', "  ");
  for (std::size_t i = 0; i < report.names.size(); ++i) {
    std::vector<std::string> owners;
    for (const auto owner : after.assignment.owners(i)) owners.push_back(after.members[owner]);
    items.next(report.names[i]) << quoted(owners);
  }
}

void json_moves(const SimulateReport& report, std::ostream& out) {
  JsonItems items(out, '[', ']', "  ");
  for (const Move& move : report.answer.moves) {
    items.next() << "{\"target\": " << json_quote(report.names[move.target])
                 << ", \"from\": " << quoted(move.from) << ", \"to\": " << quoted(move.to) << "}";
  }
}

void json_comparison(const SimulateReport& report, std::ostream& out) {
  JsonItems items(out, '[', ']', "  ");
  for (const AlgorithmFigures& figures : report.comparison) {
    items.next() << "{\"algorithm\": \"" << any_algorithm_name(figures.algorithm)
                 << "\", \"max_over_mean_before\": " << figures.max_over_mean_before
                 << ", \"max_over_mean_after\": " << figures.max_over_mean_after
                 << ", \"moved\": " << figures.moved << "}";
  }
}

}  // namespace

void print_simulated_loads(const SimulatedLoads& before, const SimulatedLoads& after,
                           std::ostream& out) {
  print_balance(before, after, out);
  print_members(before, after, out);
}

void print_simulated_moves(std::size_t moved, double fewest, std::ostream& out) {
  out << "\nmoved: " << counted(moved, "target")
      << "; the fewest possible: " << whole_targets(fewest) << "\n";
}

void print_simulation_table(const SimulateReport& report, std::ostream& out) {
  const AssignOptions& options = report.question.options;
  out << counted(report.names.size(), "target") << ", "
      << any_algorithm_name(report.question.algorithm);
  if (report.question.algorithm == AnyAlgorithm::kBounded) out << ", slack " << options.slack;
  out << ", owners a target: " << report.answer.after.assignment.owners_each() << "\n\n";
  const WhatIfAnswer& answer = report.answer;
  print_simulated_loads(loads_of(answer.before, answer.balance_before),
                        loads_of(answer.after, answer.balance_after), out);
  print_moves(report, out);
  print_comparison(report, out);
}

void print_simulation_json(const SimulateReport& report, std::ostream& out) {
  const WhatIfAnswer& answer = report.answer;
  {
    JsonItems items(out, '{', '}', "");
    items.next("algorithm") << '"' << any_algorithm_name(report.question.algorithm) << '"';
    items.next("targets") << report.names.size();
    json_balance(answer.before, answer.balance_before, items.next("before"));
    json_balance(answer.after, answer.balance_after, items.next("after"));
    items.next("moved") << answer.moved;
    items.next("fewest") << answer.fewest;
    json_moves(report, items.next("moves"));
    json_comparison(report, items.next("comparison"));
    json_load(answer.before, items.next("load_before"));
    json_load(answer.after, items.next("load"));
    json_owners(report, items.next("owners"));
  }
  out << "\n";
}

}  // namespace promster
