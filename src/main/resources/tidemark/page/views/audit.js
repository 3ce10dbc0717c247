// Who changed which row, when, from which values to which; and back to any of them.

import { get, post, withQuery } from "../api.js";
import { h } from "../dom.js";
import { SPANS, badge, button, card, empty, heading, input, select, shown, time } from "../parts.js";
import { compare, pathName } from "../versions.js";
import { count, key, number, short, value } from "../words.js";

const PAGE = 50;
const LISTED = 16_000; // characters of each value

export const audit = {
  id: "audit",
  title: "Audit trail",
  async load(query, signal) {
    const { database, table, by, since, last = PAGE } = query;
    const [items, tables] = await Promise.all([
      get("api/feed", { database, table, key: query.key, by, since, last, most: LISTED }, signal),
      get("api/tables", {}, signal),
    ]);
    return { items: [...items.data].reverse(), tables: tables.data, last: Number(last) };
  },
  draw({ items, tables, last }, query, page) {
    const life = query.table && query.key;
    return [
      life ? heading(`${query.table} ${shownKey(query.key)}`, h("a.button", { href: "#/audit" }, "All changes")) : heading("Audit trail"),
      h("p.lead", {}, life ? "This row's life, newest version first." : "Every change that went through the ledger, newest first."),
      !life && filters(tables, query, page),
      items.length === 0 && empty("No changes found.", "Try it with fewer filters. Changes not yet synced are not here."),
      h("ol.trail", {}, items.map((one, i) => item(one, life, i === 0, page))),
      items.length >= last && h("div.pager", {}, button("Show more", () => page.go({ last: last + PAGE * 2 }))),
    ];
  },
};

function shownKey(text) {
  try {
    return key(JSON.parse(text));
  } catch {
    return text;
  }
}

function filters(tables, query, page) {
  const go = (name) => (text) => page.go({ [name]: text, last: "" });
  const names = [...new Set(tables.map((one) => one.table ?? one.name))].sort();
  return h("form.filters", { role: "search", "aria-label": "Changes", onsubmit: (event) => event.preventDefault() },
    page.databases.length > 1 && select("Database", [["", "all"], ...page.databases.map((name) => [name, name])], query.database ?? "", go("database")),
    select("Table", [["", "all"], ...names.map((name) => [name, name])], query.table ?? "", go("table")),
    input("Key", query.key ?? "", go("key"), { placeholder: "such as Q-1001" }),
    input("User", query.by ?? "", go("by")),
    select("Since", SPANS, query.since ?? "", go("since")));
}

function item(one, life, newest, page) {
  const address = withQuery("#/audit", { database: one.database, table: one.table, key: JSON.stringify(one.key) });
  const [state, word] = one.after === null ? ["error", "deleted"] : one.before === null ? ["connected", "new"] : ["syncing", "changed"];
  return h("li.card", { "data-key": [one.database, one.entry, one.table, JSON.stringify(one.key)].join(" ") },
    h("div.summary", {},
      badge(state, word),
      life ? h("strong", {}, "Entry " + number(one.entry)) : h("a", { href: address }, h("strong", {}, `${one.table} ${key(one.key)}`)),
      h("span.quiet.when", {}, `${one.by} at ${one.workstation}, `, time(one.at, "at an unknown time", short))),
    values(one, life, page),
    life && h("div.choices", {}, newest
      ? h("span.quiet", {}, "The newest in the ledger")
      : button("Restore this version", () => restore(one, page), { "aria-label": `Restore the version of entry ${one.entry}` })));
}

function values(one, life, page) {
  const fields = compare(one.before, one.after).filter((field) => field.differs && (field.before != null || field.after != null));
  if (fields.length === 0) {
    return h("p.quiet", {}, "Written again unchanged.");
  }
  const side = (name, field, value) => shown(value, () => whole(one, name, field.path[0]), page);
  const list = h("dl.list", {}, fields.map((field) => h("div", {},
    h("dt", {}, pathName(field.path)),
    h("dd", {},
      one.before !== null && [h("del", {}, side("before", field, field.before)), " → "],
      one.after === null ? h("span.quiet", {}, "deleted") : h("ins", {}, side("after", field, field.after))))));
  return life || (one.before !== null && one.after !== null)
    ? list
    : h("details", { "data-key": "values" }, h("summary", {}, count(fields.length, "value")), list);
}

/** All of a value of which only the beginning is here. */
async function whole(one, name, column) {
  const until = one.at && new Date(Date.parse(one.at) + 1).toISOString();
  const { data } = await get("api/feed",
    { database: one.database, table: one.table, key: JSON.stringify(one.key), since: one.at, until });
  return value(data.find((item) => item.entry === one.entry)?.[name]?.[column]);
}

function restore(one, page) {
  return page.act(async () => {
    await post("api/restore", { database: one.database, table: one.table, key: one.key, to: one.entry });
    return `${one.table} ${key(one.key)} is as it was at entry ${one.entry}, as a new change.`;
  });
}
