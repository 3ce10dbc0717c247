// Times, counts and names as people say them.

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

export const number = (n) => (n == null ? "–" : Number(n).toLocaleString("en"));
export const count = (n, one, many = one + "s") => number(n) + " " + (Number(n) === 1 ? one : many);
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** As in "5 minutes ago". */
export function ago(iso, now = Date.now()) {
  const seconds = (Date.parse(iso) - now) / 1000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) {
      return RELATIVE.format(Math.round(seconds / length), unit);
    }
  }
  return seconds > 5 ? "in less than a minute" : seconds > -5 ? "just now" : "less than a minute ago";
}

export function moment(iso) {
  return new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

/** Short, as in a table: the day only where it is not today. */
export function short(iso) {
  const time = new Date(iso);
  const today = new Date().toDateString() === time.toDateString();
  return time.toLocaleString(undefined, today
    ? { hour: "2-digit", minute: "2-digit", second: "2-digit" }
    : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

export function duration(ms) {
  return ms == null ? "–" : ms < 1000 ? ms + " ms" : ms < 60_000 ? (ms / 1000).toFixed(1) + " s"
    : Math.floor(ms / 60_000) + " min " + Math.round((ms % 60_000) / 1000) + " s";
}

/** A row's key as people write it: Q1, or Q1 / 3 where it has several columns. */
export function key(parts) {
  return (Array.isArray(parts) ? parts : [parts]).map(value).join(" / ");
}

const GLANCE = 2_000;

/** Whether the daemon has told only how a long value begins. */
export const isCut = (value) => value !== null && typeof value === "object" && "start" in value && "digest" in value;

/** One value of a row. */
export function value(value) {
  if (value === null || value === undefined) {
    return "–";
  }
  if (isCut(value)) {
    return value.start === null ? `(about ${count(Math.floor(value.length * 3 / 4), "byte")})` : value.start.slice(0, GLANCE) + " …";
  }
  if (typeof value === "object") {
    return value.rawJSON ?? (value.b !== undefined ? "(" + count(Math.floor(value.b.length * 3 / 4), "byte") + ")" : JSON.stringify(value));
  }
  return String(value);
}

export const minutes = (n) =>
  n >= 60 && n % 60 === 0 ? count(n / 60, "hour") : n >= 1 ? count(n, "minute") : count(Math.round(n * 60), "second");
