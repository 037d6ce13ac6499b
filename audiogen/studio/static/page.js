// What every page's script needs: elements, requests, and announcements for a screen reader.

export const base = document.body.dataset.base;
export const $ = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Announce a text to a screen reader, after what it is saying now. */
let saying;
export function say(text) {
  clearTimeout(saying);
  saying = setTimeout(() => { $("#live").textContent = text; }, 400);
}

/** An element with text, never with markup. */
export function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** JSON from the studio; a refusal becomes an Error with its sentence and its problems. */
export async function ask(path, { body } = {}) {
  const options = { headers: { accept: "application/json" } };
  if (body !== undefined) {
    options.method = "POST";
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

export function clock(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
