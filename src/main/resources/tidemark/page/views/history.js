// What the runs did: plots over days, and a table to filter and to take away as CSV.

import { get, withQuery } from "../api.js";
import { h } from "../dom.js";
import { SPANS, badge, card, check, empty, heading, input, pager, select, table, time } from "../parts.js";
import { plot } from "../plot.js";
import { capital, count, duration, number, short } from "../words.js";

const PAGE = 25;
const DAYS = 30;
const STATUSES = [["", "any result"], ["success", "success"], ["partial", "partial"], ["offline", "offline"], ["error", "error"]];
const TRIGGERS = [["", "anything"], ["schedule", "schedule"], ["manual", "by hand"], ["watch", "watch"], ["start", "start"], ["exit", "exit"]];
const STATES = { success: "connected", partial: "offline", offline: "offline", error: "error" };
const COLUMNS = [
  { label: "When" },
  { label: "Result" },
  { label: "Began by" },
  { label: "In", numbers: true },
  { label: "Out", numbers: true },
  { label: "Conflicts", numbers: true },
  { label: "Took", numbers: true },
  { label: "Who" },
];

export const history = {
  id: "history",
  title: "History",
  async load(query, signal) {
    const [runs, days] = await Promise.all([
      get("api/history", { ...asked(query), last: PAGE, offset: query.offset ?? 0 }, signal),
      get("api/history/summary", { days: DAYS, database: query.database }, signal),
    ]);
    return { runs: runs.data, total: runs.total, days: [...days.data].sort((a, b) => a.day.localeCompare(b.day)) };
  },
  draw({ runs, total, days }, query, page) {
    return [
      heading("History", h("a.button", { href: withQuery("api/history.csv", { ...asked(query), last: 10000 }), download: "history.csv" }, "Export CSV")),
      plots(days),
      filters(query, page),
      card("Runs",
        runs.length === 0
          ? empty("No runs here.", Object.keys(query).length > 0 ? "Try it with fewer filters." : "“Sync now” makes the first.")
          : table("Runs, newest first", COLUMNS, runs.map((run) => row(run, page))),
        pager(Number(query.offset ?? 0), PAGE, total, (offset) => page.go({ offset }))),
    ];
  },
};

/** The query as the daemon takes it. */
function asked({ database, status, trigger, since, text, workstation, everyone }) {
  return { database, status, trigger, since, text, workstation, everyone };
}

function filters(query, page) {
  const go = (name) => (value) => page.go({ [name]: value, offset: "" });
  return h("form.filters", { role: "search", "aria-label": "Runs", onsubmit: (event) => event.preventDefault() },
    page.databases.length > 1 && select("Database", [["", "all"], ...page.databases.map((name) => [name, name])], query.database ?? "", go("database")),
    select("Result", STATUSES, query.status ?? "", go("status")),
    select("Began by", TRIGGERS, query.trigger ?? "", go("trigger")),
    select("Since", SPANS, query.since ?? "", go("since")),
    query.everyone && input("Workstation", query.workstation ?? "", go("workstation")),
    input("Search", query.text ?? "", go("text"), { type: "search", placeholder: "table, message …" }),
    check("Everybody's runs", query.everyone === "true", (all) => page.go({ everyone: all && "true", workstation: "", offset: "" })));
}

function plots(days) {
  const whole = (n) => number(Math.round(n));
  if (days.every((day) => day.runs === 0)) {
    return null;
  }
  return h("div.plots", {},
    plot("Rows moved", days, [
      { name: "in", state: "connected", of: (day) => day.pulled },
      { name: "out", state: "syncing", of: (day) => day.pushed }], whole),
    plot("Typical duration", days, [{ name: "median", state: "syncing", of: (day) => day.medianMs ?? 0 }], (ms) => duration(Math.round(ms))),
    plot("Conflicts", days, [{ name: "conflicts", state: "error", of: (day) => day.conflicts }], whole));
}

function row(run, page) {
  return {
    key: run.database + " " + run.run_id + " " + run.id,
    cells: [
      [time(run.timestamp, "", short), page.databases.length > 1 && h("div.quiet", {}, run.database)],
      badge(STATES[run.status] ?? "error", run.status),
      TRIGGERS.find(([trigger]) => trigger === run.trigger)?.[1] ?? run.trigger ?? "–",
      number(run.records_pulled),
      number(run.records_pushed),
      number(run.conflicts),
      duration(run.duration_ms),
      `${run.username} at ${run.workstation}`,
    ],
    more: more(run),
  };
}

/** What it did table by table, if it did anything. */
function more(run) {
  const tables = Object.entries(run.details?.tables ?? {}).map(([name, did]) => [name, words(did)]).filter(([, did]) => did !== "");
  const others = Object.entries(run.details ?? {}).filter(([name, value]) => name !== "tables" && typeof value !== "object");
  if (tables.length === 0 && others.length === 0 && !run.error_message) {
    return null;
  }
  return h("details", { "data-key": "details" },
    h("summary", {}, run.error_message ?? tables.map(([name]) => name).join(", ") ?? "Details"),
    h("dl.list", {},
      tables.map(([name, did]) => h("div", {}, h("dt", {}, name), h("dd", {}, did))),
      others.map(([name, value]) => h("div", {}, h("dt", {}, capital(name)), h("dd", {}, String(value))))));
}

function words(did) {
  return Object.entries(did ?? {}).flatMap(([name, n]) => {
    if (n !== null && typeof n === "object") {
      return words(n) === "" ? [] : [`${name}: ${words(n)}`];
    }
    return n === 0 || n === null ? [] : [typeof n === "number" ? `${number(n)} ${name}` : `${name} ${n}`];
  }).join(", ");
}
