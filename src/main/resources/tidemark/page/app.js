// The page: which view is shown, how the daemon stands, and what it tells.

import { Away, get, post, withQuery } from "./api.js";
import { h, show } from "./dom.js";
import { listen } from "./live.js";
import { STATES, button, heading, problem, stateIcon } from "./parts.js";
import { capital, count } from "./words.js";
import { audit } from "./views/audit.js";
import { conflicts } from "./views/conflicts.js";
import { fleet } from "./views/fleet.js";
import { health } from "./views/health.js";
import { history } from "./views/history.js";
import { overview } from "./views/overview.js";
import { settings } from "./views/settings.js";

const VIEWS = [overview, history, conflicts, audit, fleet, settings, health];
const LOOK_EVERY = 30_000;
const KEPT_VIEWS = 40;

const place = (id) => document.getElementById(id);
const loaded = new Map(); // what views were loaded with, by address, to show at once what was seen before
let notices = [];
let away = false;
let stopping = false;
let signedOut = false;
let status = null;
let progress = null;
let syncing = false;
let view = overview;
let address = "";
let query = {};
let data = null;
let failure = null;
let loading = null;
let drawing = false;

/** What a view may use. */
const page = {
  get status() {
    return status;
  },
  get state() {
    return away ? "away" : stopping ? "stopping" : progress || syncing ? "syncing" : status ? status.state : "waiting";
  },
  get progress() {
    return progress;
  },
  /** Whether there is more than one database to tell apart. */
  get databases() {
    return Object.keys(status?.databases ?? {});
  },
  redraw,
  reload: load,
  /** Shows this view with another query; empty members are left out. */
  go(change) {
    location.hash = withQuery("#/" + view.id, { ...query, ...change });
  },
  /** Does something, tells what came of it, and shows what is so now. */
  async act(work) {
    try {
      const done = await work();
      if (done) {
        tell({ what: done });
      }
    } catch (error) {
      tell({ what: error.message, todo: error.hint, bad: true });
    }
    await Promise.all([look(), load()]);
  },
  async sync() {
    syncing = true;
    redraw();
    await page.act(async () => {
      try {
        const result = await post("api/sync", {});
        if (result.success) {
          return "Synced: " + result.message + ".";
        }
        tell({ what: capital(result.message), todo: result.error?.hint, bad: true });
      } finally {
        syncing = false;
      }
    });
  },
};

// ---- how the daemon stands

async function look() {
  try {
    status = (await get("api/status")).data;
    signedOut = away = stopping = false;
    progress = status.isSyncing ? progress ?? {} : null;
  } catch (error) {
    signedOut = error.status === 401;
    away = error instanceof Away;
    stopping = error.status === 503;
    progress = null;
    if (!signedOut && !away && !stopping) {
      status = { state: "error", error: { message: error.message, hint: error.hint } };
    }
  }
  redraw();
}

function heard(name, event) {
  if (name === "sync:start") {
    progress = {};
  } else if (name === "sync:progress") {
    progress = event;
  } else if (name === "sync:complete" || name === "sync:error") {
    progress = null;
  } else if (name === "notice") {
    tell({ what: event.message ?? event.text ?? event.title, todo: event.hint, bad: true });
  }
  if (name === "sync:start" || name === "sync:progress") {
    redraw();
  } else {
    look();
    load();
  }
}

/** Events are heard (again): what happened meanwhile is asked for. Or they are not: is the daemon there, and does it know us? */
async function linked(there) {
  const version = status?.daemon?.version;
  await Promise.all([look(), there && load()]);
  if (version && status?.daemon && status.daemon.version !== version) {
    location.reload(); // another version has other pages
  }
}

// ---- the view

function route() {
  const [name, said] = location.hash.replace(/^#\/?/, "").split("?");
  const next = VIEWS.find((one) => one.id === name) ?? overview;
  const moved = next !== view;
  view = next;
  address = location.hash; // which moves on before this is called
  query = Object.fromEntries(new URLSearchParams(said));
  data = loaded.get(address) ?? null;
  failure = null;
  redraw();
  load();
  if (moved) {
    scrollTo(0, 0);
    requestAnimationFrame(() => place("view").querySelector("h1")?.focus({ preventScroll: true }));
  }
}

async function load() {
  loading?.abort();
  const mine = (loading = new AbortController());
  const asked = address;
  try {
    const fresh = view.load ? await view.load(query, mine.signal) : {};
    if (mine.signal.aborted) {
      return;
    }
    data = fresh;
    failure = null;
    loaded.delete(asked);
    loaded.set(asked, fresh);
    if (loaded.size > KEPT_VIEWS) {
      loaded.delete(loaded.keys().next().value);
    }
  } catch (error) {
    if (mine.signal.aborted) {
      return;
    }
    failure = error;
    signedOut ||= error.status === 401;
  }
  redraw();
}

function redraw() {
  if (!drawing) {
    drawing = true;
    queueMicrotask(() => {
      drawing = false;
      draw();
    });
  }
}

function draw() {
  const state = signedOut ? "unconfigured" : page.state;
  document.documentElement.dataset.state = state;
  document.title = (signedOut ? "" : STATES[state].word + " · ") + view.title + " – Tidemark";
  drawHead(state);
  drawViews();
  const focused = place("view").contains(document.activeElement);
  if (signedOut) {
    show(place("view"), heading("This browser is not let in yet"),
      h("p", {}, "Open this page with the command ", h("code", {}, "tidemark open"),
        ". It lets this browser in, and nobody else on this machine."));
  } else if (failure && !data) {
    show(place("view"), heading(view.title), problem(failure));
  } else if (!data) {
    show(place("view"), heading(view.title), h("p.quiet", {}, "One moment …"));
  } else {
    show(place("view"), failure && problem(failure), view.draw(data, query, page));
  }
  if (focused && document.activeElement === document.body) {
    place("view").querySelector("h1").focus({ preventScroll: true }); // what had the focus is gone
  }
}

function drawHead(state) {
  const words = signedOut ? "Not let in" : STATES[state].word;
  show(place("head"),
    h("a.brand", { href: "#/overview" }, h("img", { src: "page/icon.svg", alt: "", width: 26, height: 26 }), "Tidemark"),
    h("a.state", { href: "#/overview", class: state, "data-key": "state" }, stateIcon(state), words),
    status?.daemon?.paused && !signedOut && h("span.chip", {}, "Paused"));
  const said = words + (state === "syncing" && progress?.settled ? ": " + count(progress.settled, "change") : "");
  if (!said.startsWith("Syncing:")) {
    show(place("said"), said); // not every step of the progress is read out
  }
}

function drawViews() {
  const open = Object.values(status?.databases ?? {})
    .flatMap((database) => Object.values(database.tables ?? {}))
    .reduce((sum, one) => sum + one.openConflicts, 0);
  show(place("views"), h("ul", {}, VIEWS.map((one) => h("li", {},
    h("a", { href: "#/" + one.id, "aria-current": one === view && "page" }, one.title,
      one === conflicts && open > 0 && h("span.count", { "aria-label": count(open, "open conflict") }, open))))));
}

// ---- what the user is told

function tell(notice) {
  notices = [...notices.slice(-3), notice];
  drawNotices();
  if (!notice.bad) {
    setTimeout(() => dismiss(notice), 8_000);
  }
}

function dismiss(notice) {
  notices = notices.filter((other) => other !== notice);
  drawNotices();
}

function drawNotices() {
  show(place("notices"), notices.map((notice) =>
    h("div.notice", { class: notice.bad && "bad", role: notice.bad ? "alert" : "status" },
      h("div", {}, h("strong", {}, notice.what), notice.todo && h("p", {}, notice.todo)),
      button("×", () => dismiss(notice), { "aria-label": "Dismiss", class: "plain" }))));
}

addEventListener("hashchange", route);
setInterval(() => !document.hidden && look(), LOOK_EVERY);
route();
look(); // before the first event is heard, and where none can be
listen(heard, linked);
