// What the doctor found, and what to do about it.

import { get } from "../api.js";
import { h } from "../dom.js";
import { badge, button, card, empty, heading, time } from "../parts.js";
import { count } from "../words.js";

const STATES = { ok: ["connected", "well"], note: ["away", "to know"], warning: ["offline", "look at it"], bad: ["error", "not well"] };
let examining = false;

export const health = {
  id: "health",
  title: "Health",
  load: async (query, signal) => (await get("api/doctor", {}, signal)).data,
  draw({ checkedAt, findings }, query, page) {
    const bad = findings.filter((finding) => !["ok", "note"].includes(finding.health));
    const databases = [...new Set(findings.map((finding) => finding.database))];
    return [
      heading("Health", button(examining ? "Examining …" : "Examine now", () => examine(page), { disabled: examining })),
      findings.length > 0 && h("p.lead", {}, bad.length === 0 ? "All is well. " : count(bad.length, "thing needs", "things need") + " a look. ",
        h("span.quiet", {}, "Examined ", time(checkedAt, "never"), ".")),
      findings.length === 0 && empty("Nothing was examined yet.", "“Examine now” does it."),
      databases.map((name) => card(name ?? "This workstation", h("ul.findings", {},
        findings.filter((finding) => finding.database === name).sort(worstFirst).map(item)))),
    ];
  },
};

async function examine(page) {
  examining = true;
  page.redraw();
  await page.act(async () => {
    try {
      await get("api/doctor", { fresh: true });
    } finally {
      examining = false;
    }
  });
}

const worstFirst = (a, b) => rank(b) - rank(a);
const rank = (finding) => Object.keys(STATES).indexOf(finding.health);

function item(finding) {
  const [state, word] = STATES[finding.health] ?? STATES.bad;
  return h("li", {},
    h("span.what", {}, badge(state, word), h("strong", {}, finding.check)),
    h("div", {}, finding.what, finding.todo && h("p.todo", {}, "What to do: " + finding.todo)));
}
