// Every workstation: who, which version, when last seen, how far behind.

import { get } from "../api.js";
import { h } from "../dom.js";
import { badge, card, empty, heading, table, time } from "../parts.js";
import { number } from "../words.js";

const COLUMNS = [
  { label: "Workstation" },
  { label: "User" },
  { label: "State" },
  { label: "Last seen", numbers: true },
  { label: "Position", numbers: true },
  { label: "Behind", numbers: true },
  { label: "Clock", numbers: true },
  { label: "Version", numbers: true },
];

export const fleet = {
  id: "fleet",
  title: "Fleet",
  load: async (query, signal) => (await get("api/fleet", {}, signal)).data,
  draw(all) {
    const databases = Map.groupBy ? Map.groupBy(all, (one) => one.database) : grouped(all);
    return [
      heading("Fleet"),
      h("p.lead", {}, "Every workstation that syncs through the share."),
      all.length === 0 && empty("No workstation has synced yet.", "Each shows up here with its first sync."),
      [...databases].map(([name, workstations]) => card(name, table("Workstations of " + name, COLUMNS, workstations.map(row)))),
    ];
  },
};

function grouped(all) {
  const groups = new Map();
  all.forEach((one) => groups.set(one.database, [...(groups.get(one.database) ?? []), one]));
  return groups;
}

function row(one) {
  const problems = one.problems ?? [];
  return {
    key: one.database + " " + one.workstation + " " + one.user,
    cells: [
      [one.workstation, one.self && [" ", h("span.chip", {}, "this one")], one.os && h("div.quiet", {}, one.os)],
      one.user ?? "–",
      problems.length === 0 ? badge("connected", "well") : problems.map((what) => h("div", {}, badge("offline", what))),
      time(one.lastSeen),
      number(one.position),
      number(one.behind),
      skew(one.skewMs),
      one.version ?? "–",
    ],
  };
}

function skew(ms) {
  return ms == null ? "–" : Math.abs(ms) < 1000 ? "right" : (Math.abs(ms) / 1000).toFixed(1) + " s " + (ms > 0 ? "ahead" : "behind");
}
