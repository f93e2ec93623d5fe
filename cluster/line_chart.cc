#include "cluster/line_chart.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

namespace promster {
namespace {

// Pixels.
constexpr double kWidth = 1140, kWidestPanel = 640, kPanelHeight = 170;
constexpr double kLeft = 62, kGap = 20, kHead = 70, kPanelHead = 30, kPanelFoot = 30, kFoot = 20;
constexpr const char* kInk = "#24292f";
constexpr const char* kSoft = "#57606a";
constexpr const char* kGrid = "#d8dee4";

std::string fixed(double value, int digits = 1) {
  std::array<char, 64> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::fixed, digits);
  return {text.data(), end.ptr};
}

// 1500 as "1,500".
std::string tick_text(double value, double step) {
  // Added steps may end beside zero.
  std::string text = fixed(std::abs(value) < step / 2 ? 0 : value, step < 1 ? 1 : 0);
  const std::size_t start = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = std::min(text.find('.'), text.size());
  for (std::size_t i = whole; i > start + 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else {
      result += c;
    }
  }
  return result;
}

struct TextStyle {
  std::string color = kInk;
  std::string anchor = "start";
  std::string more;  // attributes
};

std::string text_at(double x, double y, const std::string& text, const TextStyle& style = {}) {
  return "<text x=\"" + fixed(x) + "\" y=\"" + fixed(y) + "\" fill=\"" + style.color +
         "\" text-anchor=\"" + style.anchor + "\"" + style.more + ">" + escaped(text) + "</text>\n";
}

std::string line_between(double x1, double y1, double x2, double y2, const std::string& style) {
  return "<line x1=\"" + fixed(x1) + "\" y1=\"" + fixed(y1) + "\" x2=\"" + fixed(x2) + "\" y2=\"" +
         fixed(y2) + "\" " + style + "/>\n";
}

// What all panels share: the ranges of the axes, and the width in pixels.
struct Axes {
  double x_from = 0, x_until = 1, x_step = 1, y_until = 1, y_step = 1;
  double width = 0;
};

Axes axes_of(const LineChart& chart) {
  Axes axes;
  bool first = true;
  double highest = 0;
  for (const ChartPanel& panel : chart.panels) {
    for (const ChartLine& line : panel.lines) {
      for (const ChartPoint& point : line.points) {
        axes.x_from = first ? point.x : std::min(axes.x_from, point.x);
        axes.x_until = first ? point.x : std::max(axes.x_until, point.x);
        first = false;
        if (!std::isnan(point.y)) highest = std::max(highest, point.y);
      }
    }
  }
  if (axes.x_until <= axes.x_from) axes.x_until = axes.x_from + 1;
  axes.x_step = tick_step(axes.x_until - axes.x_from, 7);
  if (highest <= 0) highest = 1;
  axes.y_step = tick_step(highest, 5);
  axes.y_until = axes.y_step * std::ceil(1.05 * highest / axes.y_step);
  return axes;
}

// One panel with its place.
class PanelDrawing {
 public:
  PanelDrawing(const Axes& axes, double left, double top) : axes_(axes), left_(left), top_(top) {}

  std::string draw(const LineChart& chart, const ChartPanel& panel) const {
    std::string svg = text_at(left_, top_ - 10, panel.title, {.more = " font-weight=\"600\""});
    svg += grid() + mark(chart, panel);
    for (auto line = panel.lines.rbegin(); line != panel.lines.rend(); ++line) svg += path(*line);
    return svg + notes(panel);
  }

 private:
  double x(double value) const {
    return left_ + (value - axes_.x_from) / (axes_.x_until - axes_.x_from) * axes_.width;
  }
  double y(double value) const { return top_ + kPanelHeight * (1 - value / axes_.y_until); }

  std::string grid() const {
    const std::string style = std::string("stroke=\"") + kGrid + "\"";
    std::string svg;
    for (double value = 0; value <= axes_.y_until * 1.0001; value += axes_.y_step) {
      svg += line_between(left_, y(value), left_ + axes_.width, y(value), style);
      svg += text_at(left_ - 6, y(value) + 4, tick_text(value, axes_.y_step),
                     {.color = kSoft, .anchor = "end"});
    }
    const double first = std::ceil(axes_.x_from / axes_.x_step) * axes_.x_step;
    for (double value = first; value <= axes_.x_until; value += axes_.x_step) {
      svg += text_at(x(value), top_ + kPanelHeight + 16, tick_text(value, axes_.x_step),
                     {.color = kSoft, .anchor = "middle"});
    }
    return svg;
  }

  std::string mark(const LineChart& chart, const ChartPanel& panel) const {
    return line_between(x(panel.mark), top_, x(panel.mark), top_ + kPanelHeight,
                        std::string("stroke=\"") + kSoft + "\"") +
           text_at(x(panel.mark) + 4, top_ + kPanelHeight - 6, chart.mark_label, {.color = kSoft});
  }

  std::string path(const ChartLine& line) const {
    std::string d;
    bool broken = true;
    for (const ChartPoint& point : line.points) {
      if (!std::isnan(point.y)) {
        d += (broken ? "M" : "L") + fixed(x(point.x)) + " " + fixed(y(point.y));
      }
      broken = std::isnan(point.y);
    }
    if (d.empty()) return "";
    return "<path d=\"" + d + "\" fill=\"none\" stroke=\"" + line.color +
           "\" stroke-width=\"1.8\" stroke-linejoin=\"round\"" +
           (line.dashed ? " stroke-dasharray=\"5 4\"" : "") + "/>\n";
  }

  // From the lower right corner upwards, where a total that is about right leaves room.
  std::string notes(const ChartPanel& panel) const {
    std::string svg;
    double at = top_ + kPanelHeight - 24;
    for (std::size_t i = std::min(panel.notes.size(), panel.lines.size()); i > 0; --i) {
      if (panel.notes[i - 1].empty()) continue;
      svg += text_at(left_ + axes_.width - 4, at, panel.notes[i - 1],
                     {.color = panel.lines[i - 1].color, .anchor = "end"});
      at -= 16;
    }
    return svg;
  }

  const Axes& axes_;
  double left_, top_;
};

std::string legend(const LineChart& chart) {
  std::string svg;
  std::set<std::string> seen;
  double at = kLeft;
  for (const ChartPanel& panel : chart.panels) {
    for (const ChartLine& line : panel.lines) {
      if (!seen.insert(line.name).second) continue;
      svg += line_between(at, 46, at + 24, 46,
                          "stroke=\"" + line.color + "\" stroke-width=\"2.5\"" +
                              (line.dashed ? " stroke-dasharray=\"5 4\"" : ""));
      svg += text_at(at + 30, 50, line.name);
      at += 58 + 6.6 * static_cast<double>(line.name.size());
    }
  }
  return svg;
}

}  // namespace

double tick_step(double length, int most) {
  const double least = length / most;
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * 0.999999) return factor * power;
  }
  return 10 * power;
}

std::string render_svg(const LineChart& chart) {
  const auto count = static_cast<int>(chart.panels.size());
  const int columns = std::max(1, std::min(chart.columns, count));
  const int rows = (count + columns - 1) / columns;
  Axes axes = axes_of(chart);
  axes.width = std::min(kWidestPanel, kWidth / columns - kLeft - kGap);
  const double wide = kLeft + axes.width + kGap;
  const double high = kPanelHead + kPanelHeight + kPanelFoot;
  const double width = wide * columns, height = kHead + high * rows + kFoot;
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + fixed(width, 0) +
                    " " + fixed(height, 0) + "\" width=\"" + fixed(width, 0) + "\" height=\"" +
                    fixed(height, 0) +
                    "\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\" font-size=\"12\">\n";
  svg += "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  svg += text_at(kLeft, 26, chart.title, {.more = " font-size=\"15\" font-weight=\"600\""});
  svg += legend(chart);
  for (int i = 0; i < count; ++i) {
    const double left = kLeft + wide * (i % columns),
                 top = kHead + kPanelHead + high * (i / columns);
    svg += PanelDrawing(axes, left, top).draw(chart, chart.panels[static_cast<std::size_t>(i)]);
  }
  svg += text_at(width / 2, height - 12, chart.x_label, {.color = kSoft, .anchor = "middle"});
  const double middle = kHead + high * rows / 2;
  svg += text_at(14, middle, chart.y_label,
                 {.color = kSoft,
                  .anchor = "middle",
                  .more = " transform=\"rotate(-90 14 " + fixed(middle) + ")\""});
  return svg + "</svg>\n";
}

}  // namespace promster
