// Two versions of a row: where they differ, also inside of JSON kept as text, and a third made of both.

import { parse } from "./api.js";

const BOOKKEEPING = ["updated_at", "updated_by", "synced_at"];

/** [{path, before, after, differs}] for every column, of JSON columns for every part that differs; bookkeeping is left out. */
export function compare(before, after) {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names.filter((name) => !BOOKKEEPING.includes(name)).flatMap((name) => {
    const [a, b] = [before?.[name], after?.[name]];
    const [inA, inB] = [inside(a), inside(b)];
    const parts = inA && inB && !same(a, b) ? differences([name], inA, inB) : [];
    return parts.length > 0 ? parts : [{ path: [name], before: a, after: b, differs: !same(a, b) }];
  });
}

/** What a text holds, if that is a JSON object or array. */
function inside(text) {
  if (typeof text !== "string" || !/^\s*[{[]/.test(text)) {
    return null;
  }
  try {
    return parse(text);
  } catch {
    return null;
  }
}

function differences(path, a, b) {
  if (same(a, b)) {
    return [];
  }
  const comparable = isTree(a) && isTree(b) && Array.isArray(a) === Array.isArray(b) && (!Array.isArray(a) || a.length === b.length);
  return comparable
    ? [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name) => differences([...path, name], a[name], b[name]))
    : [{ path, before: a, after: b, differs: true }];
}

function isTree(value) {
  return value !== null && typeof value === "object" && !(JSON.isRawJSON?.(value) ?? false);
}

export function same(a, b) {
  return a === b || JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
}

/** The order of an object's members means nothing. */
function ordered(value) {
  if (!isTree(value) || Array.isArray(value)) {
    return Array.isArray(value) ? value.map(ordered) : value;
  }
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, ordered(value[name])]));
}

/** What stands in a row at a path that `compare` gave. */
export function part(row, [name, ...rest]) {
  const tree = rest.length > 0 ? inside(row?.[name]) : row?.[name];
  return rest.reduce((one, step) => one?.[step], tree);
}

export function pathName(path) {
  return path.map((part, i) => (i === 0 ? part : /^\d+$/.test(part) ? `[${Number(part) + 1}]` : " › " + part)).join("");
}

/** The columns of `base` that become others when those parts are taken from `other`. */
export function mixed(base, other, taken) {
  const columns = {};
  for (const path of taken) {
    const [name, ...rest] = path;
    if (rest.length === 0) {
      columns[name] = other[name] ?? null;
    } else {
      const tree = inside(columns[name] ?? base[name]);
      let from = inside(other[name]);
      let to = tree;
      for (const part of rest.slice(0, -1)) {
        [from, to] = [from[part], to[part]];
      }
      const last = rest.at(-1);
      if (from[last] === undefined) {
        delete to[last];
      } else {
        to[last] = from[last];
      }
      columns[name] = JSON.stringify(tree);
    }
  }
  return columns;
}
