// What the page shows, in its address, so that it can be linked to and survives a reload: `#step=3`.
// In the frame of a report, it survives a reload of the frame, and is taken along into a tab.

/** What is between the values of a section, in the address. */
export const BETWEEN = "_";

/** Return what the address asks for. */
export const asked = () => new URLSearchParams(globalThis.location?.hash.slice(1) ?? "");

/** Write what is shown in the address, without an entry in the history. @param {URLSearchParams} shown */
export function remember(shown) {
  try {
    history.replaceState(null, "", `#${shown}`);
  } catch {
    // Some browsers let a page in a frame have no address. Nothing but the memory is lost.
  }
}
