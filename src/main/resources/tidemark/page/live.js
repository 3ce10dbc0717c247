// What happens in the daemon, as it happens; comes back by itself after the daemon was away.

const NAMES = ["sync:start", "sync:progress", "sync:complete", "sync:error", "sync:conflict", "config:changed",
  "config:error", "daemon:paused", "daemon:resumed", "conflicts:changed", "health:changed", "notice"];
const LONGEST_WAIT = 10_000;

/**
 * Listens until the page is closed.
 *
 * @param heard is called with an event's name and data
 * @param link is called with true when the daemon is there (again), with false when it is not
 */
export function listen(heard, link) {
  let wait = 500;
  const open = () => {
    const source = new EventSource("api/events");
    source.onopen = () => {
      wait = 500;
      link(true);
    };
    source.onerror = () => {
      source.close(); // its own way of coming back gives up at some answers
      link(false);
      setTimeout(open, wait);
      wait = Math.min(LONGEST_WAIT, wait * 1.6);
    };
    for (const name of NAMES) {
      source.addEventListener(name, (event) => heard(name, JSON.parse(event.data)));
    }
  };
  open();
}
