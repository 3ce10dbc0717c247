// Where two versions of a row met: both side by side, and which shall stand.

import { get, post } from "../api.js";
import { h } from "../dom.js";
import { badge, button, check, empty, heading, pager, select, shown, time } from "../parts.js";
import { compare, mixed, part, pathName, same } from "../versions.js";
import { capital, count, isCut, key, value } from "../words.js";

const PAGE = 20;
const LISTED = 2_000; // characters of each value that the list needs
const COMPARED = 60_000; // and that one conflict needs, to be compared part by part
const STATES = [["open", "Open"], ["settled", "Settled"], ["all", "All"]];
const KINDS = {
  update: "both changed it",
  delete: "one deleted it, one changed it",
  unique: "both use the same unique value",
  "foreign key": "one deleted what the other's row belongs to",
  duplicate: "the same number twice",
  rekeyed: "got another number",
  refused: "the master refused it",
};
const VERSIONS = ["local", "remote", "given"];
const chosen = new Set();
const taken = new Map(); // conflict -> paths that are taken from the ledger's version

export const conflicts = {
  id: "conflicts",
  title: "Conflicts",
  async load(query, signal) {
    const { database, table, offset = 0, state = "open" } = query;
    const [list, tables, opened] = await Promise.all([
      get("api/conflicts", { state, database, table, last: PAGE, offset, most: LISTED }, signal),
      get("api/tables", {}, signal),
      query.id ? get("api/conflicts", { id: query.id, most: COMPARED }, signal) : { data: [] },
    ]);
    const all = list.data.map((one) => opened.data.find((other) => other.id === one.id && other.database === one.database) ?? one);
    const there = new Set(all.map((conflict) => conflict.id));
    [...chosen].filter((id) => !there.has(id)).forEach((id) => chosen.delete(id));
    return { list: all, total: list.total, tables: tables.data };
  },
  draw({ list, total, tables }, query, page) {
    const state = query.state ?? "open";
    return [
      heading("Conflicts"),
      h("p.lead", {}, "Two people changed the same row before either saw the other's change. Both versions are kept here."),
      filters(state, tables, query, page),
      bulk(list, page),
      list.length === 0 && empty(...nothing(state, query)),
      h("div.conflicts", {}, list.map((conflict) => item(conflict, query, page))),
      pager(Number(query.offset ?? 0), PAGE, total, (offset) => page.go({ offset, id: "" })),
    ];
  },
};

function nothing(state, { table }) {
  return state === "open"
    ? [`No open conflicts${table ? " in " + table : ""}.`, "Nothing to choose. What was settled by rule stands under “Settled”."]
    : ["No conflicts.", "When two people change the same row, both versions appear here."];
}

function filters(state, tables, query, page) {
  const names = [...new Set(tables.filter((one) => one.synced !== false).map((one) => one.table ?? one.name))].sort();
  return h("form.filters", { "aria-label": "Conflicts", onsubmit: (event) => event.preventDefault() },
    h("div.tabs", { role: "group", "aria-label": "State" }, STATES.map(([one, words]) =>
      button(words, () => page.go({ state: one, offset: "", id: "" }), { "aria-pressed": String(one === state) }))),
    page.databases.length > 1 && select("Database", [["", "all"], ...page.databases.map((name) => [name, name])],
      query.database ?? "", (database) => page.go({ database, offset: "", id: "" })),
    select("Table", [["", "all"], ...names.map((name) => [name, name])], query.table ?? "", (table) => page.go({ table, offset: "", id: "" })));
}

// ---- many at once

function bulk(list, page) {
  const open = list.filter((conflict) => !conflict.resolved);
  if (open.length < 2) {
    return null;
  }
  const all = open.every((conflict) => chosen.has(conflict.id));
  const some = open.filter((conflict) => chosen.has(conflict.id));
  const choose = (on) => {
    open.forEach((conflict) => (on ? chosen.add(conflict.id) : chosen.delete(conflict.id)));
    page.redraw();
  };
  const mine = (conflict) => sideOf(conflict, page) ?? "local";
  return h("div.bulk", { role: "group", "aria-label": "Many at once" },
    check(some.length === 0 ? "Choose all on this page" : count(some.length, "conflict") + " chosen", all, choose, { indeterminate: some.length > 0 && !all }),
    some.length > 0 && [
      button("Keep mine", () => resolveAll(some, mine, page)),
      button("Keep theirs", () => resolveAll(some, (conflict) => other(mine(conflict)), page)),
    ]);
}

function resolveAll(some, side, page) {
  const groups = new Map();
  for (const conflict of some) {
    const group = JSON.stringify({ database: conflict.database, keep: side(conflict) });
    groups.set(group, [...(groups.get(group) ?? []), conflict.id]);
  }
  return page.act(async () => {
    const done = [];
    for (const [group, ids] of groups) {
      done.push(await post("api/conflicts/resolve", { ...JSON.parse(group), ids }));
    }
    chosen.clear();
    return outcome(done);
  });
}

/** One sentence of what was settled; what was refused is an error. */
function outcome(answers, words = "settled") {
  const resolved = answers.flatMap((answer) => answer.resolved ?? answer.restored ?? []);
  const refused = answers.flatMap((answer) => answer.refused ?? []);
  if (refused.length > 0) {
    const error = new Error((resolved.length > 0 ? count(resolved.length, "conflict") + ` ${words}; ` : "") + refused.map((one) => one.what).join("; "));
    error.hint = refused[0].hint;
    throw error;
  }
  return count(resolved.length, "conflict") + ` ${words}. The next sync carries it to all.`;
}

// ---- one

const other = (side) => (side === "local" ? "remote" : "local");

/** Which side is this user's; undefined: neither. */
function sideOf(conflict, { status }) {
  return conflict.local_by === status?.username ? "local" : conflict.remote_by === status?.username ? "remote" : undefined;
}

function nameOf(conflict, side, page) {
  if (side === "given") {
    return "the row given";
  }
  return sideOf(conflict, page) === side ? "mine" : (conflict[side + "_by"] ?? "unknown") + "'s";
}

function item(conflict, query, page) {
  const open = !conflict.resolved;
  const shown = query.id === conflict.id;
  const name = `${conflict.table_name} ${key(conflict.row_key)}`;
  return h("article.card.conflict", { "data-key": conflict.id, "aria-label": "Conflict in " + name },
    h("div.summary", {},
      open && h("input", { type: "checkbox", checked: chosen.has(conflict.id), "aria-label": "Choose " + name,
        onchange: (event) => { event.target.checked ? chosen.add(conflict.id) : chosen.delete(conflict.id); page.redraw(); } }),
      h("button.title", { type: "button", "aria-expanded": String(shown), onclick: () => page.go({ id: shown ? "" : conflict.id }) },
        h("strong", {}, name), h("span.quiet", {}, title(conflict))),
      open ? badge("error", "open") : badge("connected", settled(conflict, page)),
      h("span.quiet.when", {}, `${conflict.local_by} and ${conflict.remote_by}, `, time(conflict.timestamp))),
    shown && detail(conflict, page));
}

function title(conflict) {
  const row = conflict.local_data ?? conflict.remote_data ?? {};
  const name = ["projectName", "name", "description", "title", "customerName"].map((column) => row[column]).find((text) => text && !isCut(text));
  return [name, KINDS[conflict.kind] ?? conflict.kind].filter(Boolean).join(" · ");
}

/** Of the three versions where a row was given, the one that stands. */
function standing(conflict) {
  return VERSIONS.find((side) => [side, "restored " + side].includes(conflict.resolution)) ?? "given";
}

function settled(conflict, page) {
  if (conflict.given_data) {
    return nameOf(conflict, standing(conflict), page) + " stands";
  }
  return conflict.winner === "both" ? "both kept" : conflict.winner ? nameOf(conflict, conflict.winner, page) + " stands" : "settled";
}

function detail(conflict, page) {
  const open = !conflict.resolved;
  const mine = sideOf(conflict, page) ?? "local";
  const sides = [mine, other(mine)];
  const fields = compare(conflict[sides[0] + "_data"], conflict[sides[1] + "_data"]).map((field) =>
    ({ ...field, given: part(conflict.given_data, field.path) }));
  const differs = (field) => field.differs || (conflict.given_data && !same(field.before, field.given));
  const differing = fields.filter(differs);
  const alike = fields.filter((field) => !differs(field));
  const byField = open && conflict.local_data && conflict.remote_data && conflict.workstation === page.status?.workstation;
  return h("div.detail", {},
    fieldTable(conflict, sides, differing, byField, page),
    alike.length > 0 && h("details", { "data-key": "same" },
      h("summary", {}, count(alike.length, "field") + " the same in " + (conflict.given_data ? "all" : "both")),
      h("dl.list", {}, alike.map((field) => h("div", {}, h("dt", {}, pathName(field.path)), h("dd", {}, value(field.before)))))),
    open ? choices(conflict, sides, differing, byField, page) : afterwards(conflict, page));
}

/** Both versions, field beside field. */
function fieldTable(conflict, sides, fields, byField, page) {
  const gone = (side) => conflict[side + "_data"] === null;
  if (gone(sides[0]) || gone(sides[1])) {
    fields = fields.filter((field) => field.before != null || field.after != null);
  }
  const third = conflict.given_data ? ["given"] : [];
  const cell = (side, field, one) => {
    const text = gone(side) ? h("span.quiet", {}, "deleted") : shown(one, () => whole(conflict, side, field.path[0]), page);
    const picked = side === "remote" ? takes(conflict, field) : !takes(conflict, field);
    return h("td", { role: "cell", "data-label": capital(nameOf(conflict, side, page)), class: byField && picked && "picked" }, byField
      ? h("label", {}, h("input", { type: "radio", name: conflict.id + " " + field.path.join("/"), checked: picked,
        "aria-label": `${pathName(field.path)}: ${nameOf(conflict, side, page)}`, onchange: () => { take(conflict, field, side === "remote"); page.redraw(); } }), text)
      : text);
  };
  return h("table.versions", { role: "table" },
    h("caption.hidden", {}, (third.length > 0 ? "All three" : "Both") + " versions, where they differ"),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, h("th", { role: "columnheader", scope: "col" }, "Field"), [...sides, ...third].map((side) =>
      h("th", { role: "columnheader", scope: "col" }, capital(nameOf(conflict, side, page)),
        h("div.quiet", {}, ...author(conflict, side)))))),
    h("tbody", { role: "rowgroup" }, fields.map((field) => h("tr", { role: "row" },
      h("th", { role: "rowheader", scope: "row" }, pathName(field.path)), cell(sides[0], field, field.before), cell(sides[1], field, field.after), third.map((side) => cell(side, field, field.given))))));
}

function author(conflict, side) {
  const at = side === "given" ? "resolved_at" : side + "_at";
  return [conflict[side === "given" ? "resolved_by" : side + "_by"], ", ", time(conflict[at], "at an unknown time")];
}

/** All of a value of which only the beginning is here. */
async function whole(conflict, side, column) {
  const { data } = await get("api/conflicts", { database: conflict.database, id: conflict.id });
  return value(data[0]?.[side + "_data"]?.[column]);
}

const pathKey = (field) => JSON.stringify(field.path);
const takes = (conflict, field) => taken.get(conflict.id)?.has(pathKey(field)) ?? false;

function take(conflict, field, on) {
  const paths = taken.get(conflict.id) ?? new Set();
  on ? paths.add(pathKey(field)) : paths.delete(pathKey(field));
  taken.set(conflict.id, paths);
}

function choices(conflict, sides, fields, byField, page) {
  const paths = fields.filter((field) => takes(conflict, field)).map((field) => field.path);
  const isMix = byField && paths.length > 0 && paths.length < fields.length;
  const keep = (side) => button(`Keep ${nameOf(conflict, side, page)}`, () => resolve(conflict, { keep: side }, page), { class: "main" });
  return h("div.choices", {},
    sides.map(keep),
    byField && button("Keep the fields marked", () => resolve(conflict, mix(conflict, paths), page),
      { disabled: !isMix, title: "Mark fields on both sides first" }),
    !byField && conflict.local_data && conflict.remote_data &&
      h("p.quiet", {}, `Field by field can be chosen at ${conflict.workstation}, where the conflict waits.`));
}

/** Whole columns are named, which may be long; of parts of one it is said what it becomes. */
function mix(conflict, paths) {
  return {
    take: paths.filter((path) => path.length === 1).map(([column]) => column),
    row: mixed(conflict.local_data, conflict.remote_data, paths.filter((path) => path.length > 1)),
  };
}

function resolve(conflict, how, page) {
  return page.act(async () => {
    const answer = await post("api/conflicts/resolve", { database: conflict.database, ids: [conflict.id], ...how });
    taken.delete(conflict.id);
    return outcome([answer]);
  });
}

function afterwards(conflict, page) {
  const how = conflict.resolved_by
    ? ["Chosen by ", conflict.resolved_by, " ", time(conflict.resolved_at), "."]
    : ["Settled by rule", conflict.resolution ? " (" + conflict.resolution + ")" : "", "."];
  const life = "#/audit?" + new URLSearchParams({ database: conflict.database, table: conflict.table_name, key: JSON.stringify(conflict.row_key) });
  return h("div.choices", {},
    h("p.quiet", {}, how),
    losers(conflict).map(([side, version]) => button(`Bring back ${nameOf(conflict, side, page)}`, () => page.act(async () =>
      outcome([await post("api/conflicts/restore", { database: conflict.database, ids: [conflict.id], ...version })], "brought back")))),
    h("a.button", { href: life }, "This row's life"));
}

/** What can come back, each with what is to be said for it. */
function losers(conflict) {
  return conflict.given_data
    ? VERSIONS.filter((side) => side !== standing(conflict)).map((side) => [side, { version: side }])
    : ["local", "remote"].includes(conflict.winner) ? [[other(conflict.winner), {}]] : [];
}
