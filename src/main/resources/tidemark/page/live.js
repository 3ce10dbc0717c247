// What happens in the daemon, as it happens; comes back by itself after the daemon was away.

const NAMES = ["sync:start", "sync:progress", "sync:complete", "sync:error", "sync:conflict", "config:changed",
  "config:error", "daemon:paused", "daemon:resumed", "daemon:stopping", "conflicts:changed", "health:changed", "notice"];
const SHORTEST_WAIT = 500;
const LONGEST_WAIT = 10_000;

/**
 * Listens while the page is looked at: a browser has few connections to one server for all its tabs together.
 *
 * @param heard is called with an event's name and data
 * @param link is called with true when the daemon is there (again), with false when nothing is heard
 */
export function listen(heard, link) {
  let wait = SHORTEST_WAIT;
  let source = null;
  let next = null;
  const close = () => {
    source?.close();
    clearTimeout(next);
  };
  const open = () => {
    close();
    source = new EventSource("api/events");
    source.onopen = () => {
      wait = SHORTEST_WAIT;
      link(true);
    };
    source.onerror = () => {
      close(); // its own way of coming back gives up at some answers
      link(false);
      next = setTimeout(open, wait);
      wait = Math.min(LONGEST_WAIT, wait * 1.6);
    };
    for (const name of NAMES) {
      source.addEventListener(name, (event) => heard(name, JSON.parse(event.data)));
    }
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  if (!document.hidden) {
    open();
  }
}
