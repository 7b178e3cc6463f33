// What the page shows, in its address, so that it can be linked to: `#step=3`. A page in the frame of
// a report has no address of its own.

/** Return what the address asks for. */
export const asked = () => new URLSearchParams(globalThis.location?.hash.slice(1) ?? "");

/** Write what is shown in the address. @param {Record<string, string>} shown */
export function remember(shown) {
  if (location.protocol === "data:" || location.protocol === "blob:") return;
  location.replace(`#${new URLSearchParams(shown)}`); // it adds no entry to the history
}
