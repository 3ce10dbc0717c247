// The config: what is in force, where it came from, and changing it. The daemon writes it to the file, comments and all.

import { get, post, put, withQuery } from "../api.js";
import { h } from "../dom.js";
import { badge, button, card, heading, problem, select } from "../parts.js";
import { capital, count } from "../words.js";

const SECTIONS = [
  ["databases", "Databases"], ["sync", "Sync"], ["tables", "Tables"], ["backup", "Backups"],
  ["maintenance", "Maintenance"], ["health", "Health"], ["alert", "Alerts"], ["smtp", "E-mail"],
  ["log", "Logs"], ["ledger", "Ledger"], ["control", "This page"], ["", "General"],
];
/** What a table's own rule is begun with; once it is saved, the daemon tells all that can be set. */
const RULE = [
  { word: "conflicts", kind: "choice", choices: ["newest", "master", "local", "manual"], about: "who wins in this table" },
  { word: "merge", kind: "choice", choices: ["row", "columns"], about: "columns: only what both changed conflicts" },
  { word: "sync", kind: "boolean", choices: [], about: "no: it stays on this machine" },
];
const FROM = { machine: "set by IT for this machine", fleet: "set by IT for everybody", user: "set by you" };
const NAMES = {
  "sync.every": "Interval", "sync.onStart": "Sync at start", "sync.onExit": "Sync at exit", "sync.watch": "Watch",
  "sync.direction": "Direction", "sync.conflicts": "When two changed the same row", "sync.leaseTimeout": "Silent workstation",
  "sync.healMaster": "Damaged master", "sync.shareTimeout": "Patience with the share", "sync.bandwidth": "Bandwidth",
  schema: "New columns and tables", user: "User", workstation: "Workstation", state: "Folder for logs", tray: "Icon beside the clock",
  contact: "Whom to ask", "control.port": "Port", "log.level": "What the log tells",
};
const SETTLING = "urn:tidemark:settling"; // as the daemon names this refusal
const ruled = new Set(); // tables that get a rule of their own
const changes = new Map(); // key -> text, null: back to the default
let refusal = null;
let warning = null; // what else saving would do, if somebody has to say so first
let tested = null;
let busy = false;

export const settings = {
  id: "settings",
  title: "Settings",
  async load(query, signal) {
    const [{ data }, tables] = await Promise.all([get("api/settings", {}, signal), get("api/tables", {}, signal)]);
    return { ...data, tables: [...new Set(tables.data.map((one) => one.table))].sort() };
  },
  draw({ file, settings: listed, tables }, query, page) {
    const own = new Set(listed.filter((one) => one.key.startsWith("tables.")).map((one) => ownerOf(one.key)));
    const begun = [...ruled].filter((name) => !own.has(name));
    const all = [...listed, ...begun.flatMap((name) => RULE.map((one) =>
      ({ ...one, key: `tables.${name}.${one.word}`, value: null, from: "default", locked: false })))];
    const rest = tables.filter((name) => !own.has(name) && !ruled.has(name));
    return [
      heading("Settings"),
      h("p.lead", {}, "Kept in ", h("code.path", {}, file ?? "the config file"), "; a change is in force at once."),
      h("form.settings", { "aria-label": "Settings", onsubmit: (event) => { event.preventDefault(); save(page); } },
        SECTIONS.map(([section, title]) => group(title, all.filter((one) => sectionOf(one.key) === section), page,
          section === "tables" && rest.length > 0 && select("A rule for another table", [["", "choose …"], ...rest.map((name) => [name, name])], "",
            (name) => { ruled.add(name); page.redraw(); }))),
        bar(page)),
    ];
  },
};

function sectionOf(key) {
  const first = key.split(".")[0];
  return key.includes(".") && SECTIONS.some(([section]) => section === first) ? first : "";
}

function group(title, some, page, more) {
  return (some.length > 0 || more) && card(title, some.map((one) => setting(one, page)), more);
}

function setting(one, page) {
  const id = "setting " + one.key;
  const changed = changes.has(one.key);
  const now = changed ? changes.get(one.key) : one.value;
  const wrong = refusal?.keys.includes(one.key) && refusal;
  const set = (value) => {
    value === one.value || (value === "" && one.value == null) ? changes.delete(one.key) : changes.set(one.key, value === "" ? null : value);
    if (wrong) {
      refusal = null;
    }
    warning = null;
    page.redraw();
  };
  return h("div.setting", { class: wrong && "wrong", "data-key": one.key },
    h("label", { for: id.replaceAll(" ", "-") }, name(one.key), h("span.quiet", {}, one.about)),
    h("div.control", {},
      control(one, id.replaceAll(" ", "-"), now, set, wrong),
      h("div.quiet.origin", {},
        one.locked ? "Locked by IT" : changed ? badge("syncing", now === null ? "back to the default" : "not saved yet") : FROM[one.from] ?? "default",
        one.from === "user" && !one.locked && !changed && !isNeeded(one.key) && button("Use the default", () => { changes.set(one.key, null); warning = null; page.redraw(); },
          { class: "plain", "aria-label": "Use the default for " + one.key })),
      wrong && h("p.error", { id: id.replaceAll(" ", "-") + "-wrong" }, wrong.what, wrong.hint && " " + wrong.hint)));
}

const ownerOf = (key) => key.split(".").slice(1, -1).join(".");
const isNeeded = (key) => /^databases\..*\.(local|master)$/.test(key);

function name(key) {
  const last = key.split(".").slice(-1)[0].replace(/([A-Z])/g, (capitals) => " " + capitals.toLowerCase());
  const owner = ownerOf(key);
  return NAMES[key] ?? (/^(databases|tables)\./.test(key) && owner ? owner + ": " : "") + (owner ? last : capital(last));
}

function control(one, id, now, set, wrong) {
  const all = { id, disabled: one.locked, "aria-describedby": wrong && id + "-wrong", "aria-invalid": wrong && "true" };
  if (one.kind === "boolean" || one.kind === "choice") {
    const options = one.choices?.length > 0 ? one.choices : ["true", "false"];
    const words = { true: "yes", false: "no" };
    return h("select", { ...all, value: now ?? "", onchange: (event) => set(event.target.value) },
      (now == null || !options.includes(String(now))) && h("option", { value: now ?? "" }, now ?? "default"),
      options.map((option) => h("option", { value: option }, words[option] ?? option)));
  }
  return h("input", {
    ...all,
    type: "text",
    value: now ?? "",
    spellcheck: "false",
    autocomplete: "off",
    class: one.kind === "path" && "path",
    placeholder: now == null ? "not set" : null,
    oninput: (event) => set(event.target.value.trim()),
  });
}

function bar(page) {
  return h("div.savebar", {},
    warning && h("div.warning", { role: "alert" }, h("strong", {}, warning), h("p", {}, "The versions that lose are kept, and each can be brought back."),
      h("div.choices", {},
        button("Save, and let them be settled", () => save(page, "now"), { disabled: busy }),
        button("Not now", () => { warning = null; page.redraw(); }))),
    refusal && refusal.keys.length === 0 && problem({ message: refusal.what, hint: refusal.hint }),
    tested && h("ul.findings", { "aria-label": "Test of the connection" },
      tested.paths.map((path) => h("li", {}, h("span.what", {}, badge(path.ok ? "connected" : "error", path.ok ? "well" : "not well")),
        h("div", {}, h("span.path", {}, path.path), h("p.quiet", {}, path.what)))),
      tested.problems.map((what) => h("li", {}, h("span.what", {}, badge("error", "wrong")), h("div", {}, words(what))))),
    h("div.choices", {},
      h("button.main", { type: "submit", disabled: changes.size === 0 || busy }, changes.size === 0 ? "Nothing to save" : "Save " + count(changes.size, "change")),
      button("Discard", () => { forget(); page.redraw(); }, { disabled: changes.size === 0 || busy }),
      button("Test the connection", () => test(page), { disabled: busy })));
}

const words = (what) => (typeof what === "string" ? what : [what.what ?? what.message ?? what.title, what.hint].filter(Boolean).join(" "));

function forget() {
  changes.clear();
  ruled.clear();
  refusal = tested = warning = null;
}

async function save(page, settling = "ask") {
  await trying(page, async () => {
    await put(withQuery("api/settings", { settling }), Object.fromEntries(changes));
    forget();
    await page.act(async () => "Saved; it is in force.");
  });
}

const test = (page) => trying(page, async () => {
  const found = await post("api/settings/test", Object.fromEntries(changes));
  tested = { paths: found.paths ?? [], problems: found.problems ?? [] };
});

/** What is refused is shown at the setting it is about. */
async function trying(page, work) {
  busy = true;
  refusal = tested = warning = null;
  page.redraw();
  try {
    await work();
  } catch (error) {
    if (error.problem?.type === SETTLING) {
      warning = error.message + ".";
      busy = false;
      page.redraw();
      return;
    }
    const text = [error.problem?.key, error.message, error.hint].join(" ");
    refusal = {
      what: error.message,
      hint: error.hint,
      keys: error.problem?.key ? [error.problem.key] : [...changes.keys()].filter((key) => text.includes(key)),
    };
  }
  busy = false;
  page.redraw();
  if (refusal?.keys.length > 0) {
    requestAnimationFrame(() => {
      const wrong = document.querySelector(".setting.wrong");
      wrong?.querySelector("input, select").focus({ preventScroll: true });
      wrong?.scrollIntoView({ block: "center" }); // with what is wrong, which the bar would cover
    });
  }
}
