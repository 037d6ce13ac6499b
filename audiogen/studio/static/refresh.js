// Show a part of the page as it is now.

import { $, all, say } from "./page.js";

/** Take a part of the page from the studio again; `focus` is the selector of what is in hand afterwards. */
export async function refreshed(part, focus, told) {
  const text = await (await fetch(location.href, { headers: { accept: "text/html" } })).text();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const unfolded = all("details[open]", $(part)).map((one) => one.closest("[data-file]")?.dataset.file);
  $(part).replaceWith(fresh.querySelector(part));
  for (const one of all("details", $(part))) one.open = unfolded.includes(one.closest("[data-file]")?.dataset.file);
  say(told);
  ($(focus) ?? $("#content")).focus();
}
