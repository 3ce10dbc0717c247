// Numbers by day as bars, with the same numbers as a table for who does not see them.

import { h, show } from "./dom.js";

const HEIGHT = 150;
const DARK = matchMedia("(prefers-color-scheme: dark)");

/**
 * A plot of numbers by day.
 *
 * @param title what it shows
 * @param days [{day: "2026-11-20", …}], oldest first
 * @param series [{name, state, of: (day) => number}], stacked on each other
 * @param say a number as people say it
 */
export function plot(title, days, series, say) {
  return h("figure.plot", {},
    h("figcaption", {}, h("strong", {}, title),
      series.length > 1 && series.map((one) => h("span.key." + one.state, {}, h("span.dot", { "aria-hidden": "true" }), one.name)),
      h("span.hovered", { "aria-hidden": "true" })),
    h("day-plot", { role: "img", "aria-label": summary(title, days, series, say), shown: { days, series, say } }),
    h("details.numbers", {}, h("summary", {}, "As numbers"),
      h("div.scroll", { tabindex: 0, role: "region", "aria-label": title + " as numbers" }, numbers(title, days, series, say))));
}

function numbers(title, days, series, say) {
  return h("table", {}, h("caption.hidden", {}, title),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Day"), series.map((one) => h("th.numbers", { scope: "col" }, one.name)))),
    h("tbody", {}, [...days].reverse().map((day) => h("tr", {}, h("th", { scope: "row" }, named(day)),
      series.map((one) => h("td.numbers", {}, say(one.of(day))))))));
}

function summary(title, days, series, say) {
  const sums = days.map((day) => series.reduce((sum, one) => sum + one.of(day), 0));
  const most = sums.indexOf(Math.max(...sums));
  return days.length === 0 ? title + ": nothing yet"
    : `${title}, ${named(days[0])} to ${named(days.at(-1))}: at most ${say(sums[most])}, on ${named(days[most])}`;
}

const named = ({ day }) => new Date(day + "T12:00").toLocaleDateString("en", { day: "numeric", month: "short" });

/** The drawing itself: made anew where its numbers, its width or the colours change. */
class DayPlot extends HTMLElement {
  #shown;
  #drawn;
  #resized = new ResizeObserver(() => this.#drawn?.setSize({ width: this.clientWidth, height: HEIGHT }));
  #draw = () => this.#drawAnew();

  get shown() {
    return this.#shown;
  }

  set shown(shown) {
    const same = JSON.stringify(shown.days) === JSON.stringify(this.#shown?.days);
    this.#shown = shown;
    if (!same && this.isConnected) {
      this.#drawAnew();
    }
  }

  connectedCallback() {
    this.#drawAnew();
    this.#resized.observe(this);
    DARK.addEventListener("change", this.#draw);
  }

  disconnectedCallback() {
    this.#resized.disconnect();
    DARK.removeEventListener("change", this.#draw);
    this.#drawn?.destroy();
  }

  #drawAnew() {
    this.#drawn?.destroy();
    const { days, series, say } = this.#shown;
    const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
    const axis = { stroke: colour("quiet"), grid: { stroke: colour("line"), width: 1 }, ticks: { show: false }, font: "12px system-ui" };
    const bars = uPlot.paths.bars({ size: [0.7, 40], radius: 0.15 });
    // the last is drawn on top: what is stacked highest comes first
    const stacked = series.map((one, i) => ({ ...one, upTo: (day) => series.slice(0, i + 1).reduce((sum, other) => sum + other.of(day), 0) })).reverse();
    this.#drawn = new uPlot({
      width: this.clientWidth,
      height: HEIGHT,
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { time: true, range: (u, first, last) => [first - 43_200, last + 43_200] }, y: { range: (u, least, most) => [0, Math.max(most * 1.05, 2)] } },
      axes: [
        { ...axis, grid: { show: false }, size: 26, space: 70, values: (u, times) => times.map((time) => named({ day: isoDay(time) })) },
        { ...axis, size: 56, space: 36, values: (u, numbers) => numbers.map((n) => say(n)) },
      ],
      series: [{}, ...stacked.map((one) => ({ label: one.name, fill: colour(one.state), stroke: colour(one.state), width: 0, paths: bars, points: { show: false } }))],
      hooks: { setCursor: [(u) => this.#hover(days[u.cursor.idx])] },
    }, [days.map(({ day }) => Date.parse(day + "T12:00") / 1000), ...stacked.map((one) => days.map(one.upTo))], this);
  }

  #hover(day) {
    const { series, say } = this.#shown;
    show(this.parentElement.querySelector(".hovered"),
      day ? named(day) + ": " + series.map((one) => `${say(one.of(day))}${series.length > 1 ? " " + one.name : ""}`).join(", ") : "");
  }
}

const isoDay = (seconds) => new Date(seconds * 1000).toLocaleDateString("sv");

customElements.define("day-plot", DayPlot);
