"use strict";

// What each plot shows: lists of the database's data, with a word and a colour each.
const PLOTS = {
  runs: { stacked: true, lists: [["got through", "--blue", "success"], ["in part", "--amber", "partial"], ["offline or failed", "--red", "failed"]] },
  moved: { stacked: true, lists: [["posted", "--blue", "pushed"], ["pulled", "--teal", "pulled"]] },
  time: { unit: "s", lists: [["median", "--blue", "median"], ["95 of 100", "--violet", "p95"]] },
  conflicts: { stacked: true, lists: [["conflicts", "--amber", "conflicts"]] },
  changes: { stacked: true, lists: [["new", "--green", "made"], ["changed", "--blue", "changed"], ["deleted", "--red", "deleted"]] },
  rows: { line: true, lists: [["rows", "--blue", "rows"]] },
};
const DAY = 86400;
const HEIGHT = 190;
const WHOLE = [...Array(12).keys()].flatMap(zeros => [1, 2, 5].map(digit => digit * 10 ** zeros));
const number = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
let drawn = [];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function day(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

function axis(more) {
  const line = { stroke: colour("--line"), width: 1 };
  return { stroke: colour("--soft"), grid: line, ticks: line, font: "12px system-ui, sans-serif", ...more };
}

// A bar for each day; of stacked ones the tallest is drawn first, the lower ones over it.
function series(plot, data) {
  const bars = uPlot.paths.bars({ size: [0.7, 40] });
  const all = plot.lists.map(([label, name, list], place) => ({
    label,
    stroke: colour(name),
    width: plot.stacked ? 0 : 2,
    fill: plot.stacked ? colour(name) : plot.line ? colour(name) + "22" : undefined,
    ...(plot.stacked && { paths: bars }),
    spanGaps: true,
    points: { show: !plot.stacked && data.days.length < 40, size: 5, fill: colour(name) },
    heights: data.days.map((_, at) => plot.stacked
      ? plot.lists.slice(0, place + 1).reduce((sum, each) => sum + data[each[2]][at], 0)
      : data[list][at]),
    value: (_, __, ___, at) => {
      const value = at === null || at === undefined ? null : data[list][at];
      return value === null ? "–" : number.format(value) + (plot.unit ? " " + plot.unit : "");
    },
  }));
  return plot.stacked ? all.reverse() : all;
}

function draw(place, plot, data) {
  const all = series(plot, data);
  const first = data.days[0];
  const last = data.days[data.days.length - 1];
  return new uPlot({
    width: place.clientWidth,
    height: HEIGHT,
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    cursor: { drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: () => [first - DAY / 2, last + DAY / 2] },
      y: { range: (_, low, high) => plot.line && low > 0 ? uPlot.rangeNum(low, high, 0.1, true) : [0, high > 0 ? high * 1.1 : 1] },
    },
    axes: [
      axis({ incrs: [1, 2, 7, 14, 28, 91, 364].map(days => days * DAY), space: 60,
        values: (_, marks, __, ___, step) => marks.map(mark => step >= 28 * DAY ? day(mark).slice(0, 7) : day(mark).slice(5)) }),
      axis({ size: 56, ...(!plot.unit && { incrs: WHOLE }), values: (_, marks) => marks.map(mark => number.format(mark) + (plot.unit ? " " + plot.unit : "")) }),
    ],
    series: [{ label: "day", value: (_, seconds) => seconds === null || seconds === undefined ? "–" : day(seconds) }, ...all],
  }, [data.days, ...all.map(each => each.heights)], place);
}

function drawAll() {
  drawn.forEach(plot => plot.destroy());
  drawn = [];
  for (const section of document.querySelectorAll("main > section")) {
    const data = JSON.parse(section.querySelector("script").textContent);
    for (const place of section.querySelectorAll(".plot")) {
      drawn.push(draw(place, PLOTS[place.dataset.plot], data));
    }
  }
}

// Paper is white, has no room to the right, and opens nothing.
function onPaper(yes) {
  document.documentElement.classList.toggle("on-paper", yes);
  for (const details of document.querySelectorAll("details")) {
    details.open = yes;
  }
  drawAll();
}

drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
addEventListener("beforeprint", () => onPaper(true));
addEventListener("afterprint", () => onPaper(false));
let waiting;
addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(drawAll, 100);
});
