// Builds elements, and brings a part of the page to what was built anew. Text is always text: nothing here reads HTML.

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = ["value", "checked", "indeterminate", "disabled", "shown"];

/** An element: h("a.quiet", {href: "#/", onclick: go}, "text", child, null). */
export function h(what, properties = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  return fill(document.createElement(tag), classes, properties, children);
}

/** The same for SVG. */
export function svg(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  return fill(document.createElementNS(SVG, tag), classes, attributes, children);
}

function fill(node, classes, properties, children) {
  node.handlers = {};
  if (classes.length > 0) {
    node.setAttribute("class", classes.join(" "));
  }
  node.append(...children.flat(9).filter((child) => child != null && child !== false).map(asNode));
  for (const [name, value] of Object.entries(properties)) {
    if (value == null || value === false) {
      continue;
    } else if (name.startsWith("on")) {
      node[name] = node.handlers[name] = value;
    } else if (PROPERTIES.includes(name)) {
      node[name] = value;
    } else if (name === "class") {
      node.setAttribute("class", [...classes, value].join(" "));
    } else {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  return node;
}

function asNode(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

/**
 * Makes the children of `place` like `fresh`, keeping the elements that are there: so the focus, the scroll position
 * and what is open stay. Elements with an id or data-key are known again by it, others by their order.
 */
export function show(place, ...fresh) {
  patchChildren(place, fresh.flat(9).filter((node) => node != null && node !== false).map(asNode));
}

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.key || null : null;
}

function patchChildren(place, fresh) {
  const known = new Map();
  const others = [];
  for (const child of place.childNodes) {
    const key = keyOf(child);
    key ? known.set(key, child) : others.push(child);
  }
  let at = place.firstChild;
  for (const node of fresh) {
    const key = keyOf(node);
    const old = key ? known.get(key) : others[0];
    if (!key) {
      others.shift();
    }
    const kept = old && old.nodeName === node.nodeName ? patch(old, node) : node;
    if (kept === at) {
      at = at.nextSibling;
    } else {
      place.insertBefore(kept, at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function patch(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) {
      old.data = fresh.data;
    }
    return old;
  }
  const opened = old.nodeName === "DETAILS" && old.open;
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name)) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
  if (opened) {
    old.open = true;
  }
  for (const name of Object.keys(old.handlers ?? {})) {
    old[name] = null;
  }
  Object.assign(old, fresh.handlers);
  old.handlers = fresh.handlers;
  if (!fresh.nodeName.includes("-")) {
    patchChildren(old, [...fresh.childNodes]); // elements of our own look after their content themselves
  }
  for (const name of PROPERTIES) {
    if (name in fresh && old[name] !== fresh[name]) {
      old[name] = fresh[name];
    }
  }
  return old;
}
