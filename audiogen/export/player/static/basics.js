// What the scripts of every page need: elements, times, and announcements for a screen reader.

export const $ = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Announce a text to a screen reader, after what it is saying now. */
let saying;
export function say(text) {
  clearTimeout(saying);
  saying = setTimeout(() => { $("#live").textContent = text; }, 400);
}

export function clock(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
