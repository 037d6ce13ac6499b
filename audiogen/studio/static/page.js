// What every page's script needs, and what the studio's alone do: requests and the clipboard.

import { say } from "./player/basics.js";

export { $, all, clock, say } from "./player/basics.js";

export const base = document.body.dataset.base;

/** An element with text, never with markup. */
export function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** JSON from the studio; a refusal becomes an Error with its sentence and its problems. */
export async function ask(path, { body, headers = {}, keepalive = false } = {}) {
  const options = { headers: { accept: "application/json", ...headers } };
  if (body !== undefined) {
    options.method = "POST";
    options.keepalive = keepalive; // beyond the page
    options.headers["content-type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(`${base}/${path}`, options);
  } catch {
    throw new Error("The studio does not answer. Is it still running?");
  }
  const document = await answer.json().catch(() => ({ error: `The studio answered ${answer.status}.` }));
  if (document.error) throw Object.assign(new Error(document.error), { problems: document.problems ?? [] });
  return document;
}

/** Put a text on the clipboard; where the browser does not allow it, select the element that shows it. */
export async function copy(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied.");
    return true;
  } catch {
    getSelection().selectAllChildren(shown);
    say("Selected; copy it with your keyboard.");
    return false;
  }
}
