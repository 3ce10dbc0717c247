// What several views are made of.

import { h, svg } from "./dom.js";
import { ago, count, isCut, moment, number, value } from "./words.js";

/** The daemon's states: a word, a shape and (in the style) a colour. */
export const STATES = {
  connected: { word: "Connected", shape: "M5 10.5l3.2 3.2L15 7" },
  syncing: { word: "Syncing", shape: "M15.5 8A6 6 0 0 0 5 6.5M5 3.5v3h3M4.5 12A6 6 0 0 0 15 13.5M15 16.5v-3h-3" },
  attention: { word: "Attention", shape: "M7 7.6a3 3 0 1 1 4.4 2.6c-.9.5-1.4 1-1.4 1.8M10 15v.1" },
  offline: { word: "Offline", shape: "M4 4l12 12M10 3.5a6.5 6.5 0 0 1 6 8.5M4.2 7A6.5 6.5 0 0 0 13 15.8" },
  error: { word: "Error", shape: "M10 5v6.5M10 15v.1" },
  unconfigured: { word: "Not set up", shape: "M6 10h.1M10 10h.1M14 10h.1" },
  stopping: { word: "Stopping", shape: "M6.5 6.5h7v7h-7z" },
  away: { word: "Not running", shape: "M6 6l8 8M14 6l-8 8" },
  waiting: { word: "One moment", shape: "M10 5v5l3 2" },
};

export function stateIcon(state) {
  return svg("svg.icon", { viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("path", { d: STATES[state].shape }));
}

export function badge(state, word) {
  return h("span.badge." + state, {}, h("span.dot", { "aria-hidden": "true" }), word);
}

/** A time as people say it; when exactly stands in its tooltip. */
export function time(iso, otherwise = "never", say = ago) {
  return iso ? h("time", { datetime: iso, title: moment(iso) }, say(iso)) : h("span.quiet", {}, otherwise);
}

export function heading(title, ...beside) {
  return h("div.heading", {}, h("h1", { tabindex: "-1" }, title), beside.length > 0 && h("div.beside", {}, beside));
}

export function card(title, ...content) {
  return h("section.card", { "aria-label": title }, title && h("h2", {}, title), content);
}

export function empty(what, todo) {
  return h("div.empty", {}, h("p", {}, what), todo && h("p.quiet", {}, todo));
}

const wholes = new Map(); // the long value that was asked for last, by its digest
const PIECE = 5_000;

/**
 * A value of a row; of a long one how it begins, and all of it when that is asked for.
 *
 * @param ask brings the whole value
 */
export function shown(one, ask, page) {
  if (!isCut(one)) {
    return h("span.value", {}, value(one));
  }
  const all = wholes.get(one.digest);
  if (all !== undefined) {
    return h("div.value.whole", { tabindex: 0, role: "group", "aria-label": "All of it" }, pieces(all));
  }
  return [h("span.value", {}, value(one)), one.start !== null && button(`Show all ${count(one.length, "character")}`, () => page.act(async () => {
    const whole = await ask();
    wholes.clear();
    wholes.set(one.digest, whole);
  }), { class: "plain" })];
}

/** In pieces, so that a browser lays out only those that are looked at. */
function pieces(text) {
  const all = [];
  for (let at = 0; at < text.length;) {
    const piece = text.slice(at, at + PIECE);
    const line = at + PIECE < text.length ? piece.lastIndexOf("\n") + 1 : 0; // none begins within a line, if it can be helped
    all.push(h("div", {}, line > 0 ? piece.slice(0, line) : piece));
    at += line > 0 ? line : piece.length;
  }
  return all;
}

/** What failed and what to do. */
export function problem(error) {
  return h("div.problem", { role: "alert" }, h("strong", {}, error.message), error.hint && h("p", {}, error.hint));
}

export function button(words, onclick, properties = {}) {
  return h("button", { type: "button", onclick, ...properties }, words);
}

export function select(label, options, value, onchange) {
  return h("label.field", {}, h("span", {}, label),
    h("select", { value, onchange: (event) => onchange(event.target.value) },
      options.map(([option, words]) => h("option", { value: option }, words))));
}

export function input(label, value, onchange, properties = {}) {
  return h("label.field", {}, h("span", {}, label),
    h("input", { type: "text", value, onchange: (event) => onchange(event.target.value.trim()), ...properties }));
}

export function check(label, checked, onchange, properties = {}) {
  return h("label.check", {},
    h("input", { type: "checkbox", checked, onchange: (event) => onchange(event.target.checked), ...properties }), label);
}

/**
 * A table; on a narrow screen every row becomes a card.
 *
 * @param columns [{label, numbers}]; the first names the row
 * @param rows [{key, cells, more}]; more: what stands below the row
 */
export function table(caption, columns, rows) {
  return h("table", { role: "table" },
    h("caption.hidden", {}, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, columns.map((column) =>
      h("th", { role: "columnheader", scope: "col", class: column.numbers && "numbers" }, column.label)))),
    h("tbody", { role: "rowgroup" }, rows.flatMap((row) => [
      h("tr", { role: "row", "data-key": row.key }, row.cells.map((cell, i) =>
        h(i === 0 ? "th" : "td", {
          role: i === 0 ? "rowheader" : "cell",
          scope: i === 0 && "row",
          "data-label": columns[i].label,
          class: columns[i].numbers && "numbers",
        }, cell))),
      row.more && h("tr.more", { role: "row", "data-key": row.key + " more" },
        h("td", { role: "cell", colspan: columns.length }, row.more)),
    ])));
}

/** From one page of a long list to the next. */
export function pager(offset, size, total, go) {
  if (total === null || (total <= size && offset === 0)) {
    return null;
  }
  const last = Math.min(total, offset + size);
  return h("div.pager", { role: "group", "aria-label": "Pages" },
    button("Newer", () => go(Math.max(0, offset - size)), { disabled: offset === 0 }),
    h("span", {}, `${number(Math.min(offset + 1, total))}–${number(last)} of ${number(total)}`),
    button("Older", () => go(offset + size), { disabled: last >= total }));
}

/** Time spans to choose from, as the daemon takes them. */
export const SPANS = [["", "all time"], ["24h", "last 24 hours"], ["7d", "last 7 days"], ["30d", "last 30 days"]];
