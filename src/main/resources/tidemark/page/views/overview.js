// How it stands: the state, the last and the next run, and every table.

import { post } from "../api.js";
import { h } from "../dom.js";
import { STATES, badge, button, card, empty, heading, stateIcon, table, time } from "../parts.js";
import { count, minutes, number } from "../words.js";

const COLUMNS = [
  { label: "Table" },
  { label: "Records", numbers: true },
  { label: "Pending", numbers: true },
  { label: "Held", numbers: true },
  { label: "Conflicts", numbers: true },
  { label: "Last synced", numbers: true },
];

export const overview = {
  id: "overview",
  title: "Overview",
  draw: (data, query, page) => [heading("Overview"), standing(page), databases(page)],
};

function standing(page) {
  const { status, state } = page;
  return h("section.standing", { class: state, "aria-label": "How it stands" },
    h("div.sign", {}, stateIcon(state)),
    h("div.words", {},
      h("h2", {}, STATES[state].word),
      explanation(page),
      state === "syncing" && h("progress", { "aria-label": "Syncing" })),
    status && state !== "unconfigured" && actions(page),
    status?.databases && facts(status));
}

function explanation({ status, state, progress }) {
  switch (state) {
    case "connected":
    case "attention":
      return h("p", {}, waiting(status));
    case "syncing":
      return h("p", {}, progress?.settled ? count(progress.settled, "change") + " settled so far." : "Comparing with the share.");
    case "offline":
      return h("p", {}, "The share cannot be reached",
        status.daemon?.offlineSince ? [" since ", time(status.daemon.offlineSince, "", (iso) => new Date(iso).toLocaleString())] : "",
        ". Go on working: your changes are kept and go out when it is back.");
    case "error":
      return troubles(status).map(([what, todo]) => h("p", {}, h("strong", {}, what), todo && [" ", todo]));
    case "unconfigured":
      return h("p", {}, "No database is set up yet. Run ", h("code", {}, "tidemark init"), " to name yours and the share.");
    case "stopping":
      return h("p", {}, "What is under way comes to its end; after that nothing is synced until Tidemark runs again.");
    case "away":
      return h("p", {}, "Nothing is synced meanwhile. It starts at your next login, or with ", h("code", {}, "tidemark run"),
        ". This page comes back by itself.");
    default:
      return h("p", {}, "Asking the daemon …");
  }
}

/** What of the user's waits: to go out, or for somebody's choice. */
function waiting(status) {
  const sum = (of) => tables(status).reduce((all, one) => all + of(one), 0);
  const held = sum((one) => one.held);
  const leaving = sum((one) => Math.max(0, one.pendingChanges - one.held));
  const open = sum((one) => one.openConflicts);
  const refused = tables(status).filter((one) => one.refused).length;
  const left = Object.values(status.databases ?? {}).some((database) => database.masterIsLeft);
  return held + leaving + open + refused === 0 && !left ? "Everything is in step with the share." : [
    leaving > 0 && count(leaving, "change") + " of yours will go out with the next sync. ",
    held > 0 && [h("a", { href: "#/history?status=partial" }, count(held, "change is", "changes are") + " held back"), ". "],
    refused > 0 && count(refused, "table is", "tables are") + " not synced, as said below. ",
    left && "The master stays behind, as said below. ",
    open > 0 && h("a", { href: "#/conflicts" }, count(open, "conflict waits", "conflicts wait") + " for a choice."),
  ];
}

function tables(status) {
  return Object.values(status.databases ?? {}).flatMap((database) => Object.values(database.tables ?? {}));
}

/** What is wrong, each with what to do. */
function troubles(status) {
  const found = Object.entries(status.databases ?? {}).flatMap(([name, database]) =>
    database.error ? [[name + ": " + database.error.message, database.error.hint]]
      : database.trouble ? [[name + ": " + database.trouble, "See Health for what to do."]] : []);
  if (status.daemon?.trouble) {
    found.push([status.daemon.trouble, "It goes on at the next time; the log says more."]);
  }
  return found.length > 0 ? found : [[status.error?.message ?? "Something is wrong.", status.error?.hint ?? "See Health for what to do."]];
}

function actions(page) {
  const { status, state } = page;
  const gone = state === "away" || state === "stopping";
  const pause = (howLong, words) => button(words, (event) => {
    event.target.closest("details").open = false;
    page.act(async () => void (await post("api/pause", howLong ? { minutes: howLong } : {})));
  });
  return h("div.actions", {},
    button("Sync now", page.sync, { id: "sync", class: "main", disabled: state === "syncing" || gone }),
    status.daemon?.paused
      ? button("Resume", () => page.act(async () => void (await post("api/resume"))), { disabled: gone })
      : h("details.menu", {}, h("summary", {}, "Pause"),
        h("div", {}, pause(15, "for 15 minutes"), pause(60, "for an hour"), pause(480, "for 8 hours"), pause(null, "until I resume"))));
}

function facts(status) {
  const daemon = status.daemon ?? {};
  const next = daemon.paused
    ? daemon.pausedUntil ? ["paused until ", time(daemon.pausedUntil, "", (iso) => new Date(iso).toLocaleTimeString())] : "paused until resumed"
    : time(status.nextSyncTime ?? daemon.nextSyncTime, daemon.offlineSince ? "when the share is back" : "when you say so");
  const moved = status.stats ?? {};
  const sum = (counts) => Object.values(counts ?? {}).reduce((all, n) => all + n, 0);
  return h("dl.facts", {},
    fact("Last sync", time(status.lastSyncTime)),
    fact("It moved", `${number(sum(moved.pulled))} in, ${number(sum(moved.pushed))} out` + (moved.conflicts ? `, ${count(moved.conflicts, "conflict")}` : "")),
    fact("Next sync", next),
    fact("Schedule", status.intervalMinutes ? "every " + minutes(Number(status.intervalMinutes.rawJSON ?? status.intervalMinutes)) : "by hand"),
    fact("You are", `${status.username} at ${status.workstation}`),
    daemon.configProblem && fact("Settings", daemon.configProblem));
}

function fact(name, ...what) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, what));
}

function databases({ status }) {
  if (!status?.databases) {
    return null;
  }
  return Object.entries(status.databases).map(([name, database]) => {
    const all = Object.entries(database.tables ?? {}).sort(([a], [b]) => a.localeCompare(b));
    return card(name,
      h("p.quiet.path", {}, database.local, " ⇄ ", database.master),
      database.masterBehind > 0 && h("p.quiet", {}, `The master is ${count(database.masterBehind, "entry", "entries")} behind; ${database.masterTrouble ?? (database.masterIsLeft
        ? `nobody is bringing it up to date${database.masterLease ? ` since ${database.masterLease} left it; the next runs take that over` : ""}.`
        : "the next run brings it up to date.")}`),
      all.length === 0
        ? empty("Nothing is synced yet.", "The first sync lists the tables here.")
        : table("Tables of " + name, COLUMNS, all.map(([one, numbers]) => row(name, one, numbers))));
  });
}

function row(database, name, one) {
  const query = "?" + new URLSearchParams({ database, table: name });
  return {
    key: name,
    cells: [
      [h("a", { href: "#/audit" + query }, name), one.refused && [" ", badge("error", "not synced: " + one.refused)]],
      number(one.recordCount),
      marked(one.pendingChanges, "syncing"),
      one.held > 0
        ? h("a.mark.offline", { href: "#/history?status=partial", title: "The last run tells which, and why" }, number(one.held))
        : marked(0),
      one.openConflicts > 0
        ? h("a.mark.error", { href: "#/conflicts" + query }, number(one.openConflicts))
        : marked(0),
      time(one.lastSyncedAt),
    ],
  };
}

function marked(n, state) {
  return n > 0 ? h("span.mark." + state, {}, number(n)) : h("span.quiet", {}, "0");
}
