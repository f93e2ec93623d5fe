#pragma once

#include <string>
#include <vector>

namespace promster {

struct ChartPoint {
  double x = 0;
  double y = 0;  // NaN breaks the line
};

struct ChartLine {
  std::string name;   // in the legend; lines of one name have one entry there
  std::string color;  // of SVG: "#0969da"
  bool dashed = false;
  std::vector<ChartPoint> points;
};

// One of several diagrams side by side, all with the same axes.
struct ChartPanel {
  std::string title;
  std::vector<ChartLine> lines;  // earlier ones above later ones
  double mark = 0;               // where a vertical line stands, on the x axis
  // Written into the panel, in the colour of the line of that place; empty: nothing.
  std::vector<std::string> notes;
};

struct LineChart {
  std::string title;
  std::string x_label, y_label;  // with units
  std::string mark_label;        // what the vertical line stands for
  std::vector<ChartPanel> panels;
  int columns = 3;  // panels in a row, at most
};

// The distance between two ticks, 1, 2 or 5 times a power of ten, so that at most `most` fit.
// REQUIRES: length > 0, most > 0.
double tick_step(double length, int most);

// An SVG document: on white, so that it reads the same in light and dark surroundings; y starts at
// zero. Equal charts, equal bytes. Pure, any thread.
std::string render_svg(const LineChart& chart);

}  // namespace promster
