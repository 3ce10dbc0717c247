// Asks the daemon. JSON numbers that JavaScript would round stay as they were written.

/** Why the daemon did not do it: what failed and what to do. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.title ?? problem.error?.message ?? "The daemon answered " + status);
    this.status = status;
    this.hint = problem.hint ?? problem.error?.hint ?? problem.detail ?? "";
    this.problem = problem;
  }
}

/** The daemon does not answer at all. */
export class Away extends Error {
  constructor() {
    super("Tidemark is not running");
    this.hint = "Start it, or wait a moment: this page comes back by itself.";
  }
}

export function parse(text) {
  return JSON.parse(text, (name, value, context) =>
    typeof value === "number" && context && JSON.rawJSON && String(value) !== context.source
      ? JSON.rawJSON(context.source)
      : value);
}

/** {data, total}: total is how many there are on all pages. */
export async function ask(method, path, body, signal) {
  let answer, text;
  try {
    answer = await fetch(path, {
      method,
      signal,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    text = await answer.text();
  } catch (e) {
    throw signal?.aborted ? e : new Away();
  }
  let data = null;
  try {
    data = parse(text);
  } catch {
    data = { title: text.slice(0, 200) || undefined };
  }
  if (!answer.ok) {
    throw new Refused(answer.status, data ?? {});
  }
  const total = answer.headers.get("Tidemark-Total");
  return { data, total: total === null ? null : Number(total) };
}

export const get = (path, query = {}, signal) => ask("GET", withQuery(path, query), undefined, signal);
export const post = async (path, body) => (await ask("POST", path, body)).data;
export const put = async (path, body) => (await ask("PUT", path, body)).data;

/** The address with those of the query's members that say something. */
export function withQuery(path, query) {
  const said = Object.entries(query).filter(([, value]) => value != null && value !== "" && value !== false);
  return said.length === 0 ? path : path + "?" + new URLSearchParams(said);
}
