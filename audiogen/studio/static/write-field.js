// The fields of a card: each has a label, an edit that it makes, and room for why it was refused.

import { all, element } from "./page.js";
import { clearProblems } from "./refused.js";
import { edit } from "./write-state.js";

let made = 0;

/** Whether a field keeps what it shows: somebody is typing in it, or has to mend it. */
export const held = (input) =>
  input.hasAttribute("aria-invalid") || (document.activeElement === input && input.value !== input.dataset.shown);

/** An empty field takes its key out of the text. */
export const orNull = (value) => (value === "" ? null : value);

/** A number stays one in the text, so that it has no quotes. */
export const number = (value) => (/^\d+$/.test(value) ? Number(value) : value);
export const whole = (value) => orNull(number(value));

/** Show a value in a field, unless it is held. */
export function put(input, value) {
  const text = value ?? "";
  input.dataset.shown = text;
  if (!held(input) && input.value !== text) input.value = text;
}

/** Call `changed` with a field's new value, once it is another than the one shown. */
export function committed(input, changed) {
  const commit = () => {
    const value = input.value.trim();
    if (value === input.dataset.shown) clearProblems([input]);
    else if (value !== input.dataset.sent) { // by a key already, before the field was left
      input.dataset.sent = value;
      changed(value);
    }
  };
  input.addEventListener("change", commit);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && held(input)) {
      event.preventDefault();
      clearProblems([input]);
      input.value = input.dataset.shown;
    }
    if (event.key === "Enter" && input.matches("input") && !event.defaultPrevented) {
      event.preventDefault();
      commit();
    }
  });
}

/** A labelled field; `edits` returns what a new value does. */
export function field(label, edits, { help = "", wide = false, choices = null, tall = false, mode = "" } = {}) {
  const id = `field-${(made += 1)}`;
  const control = element("div", "", { class: `control${wide ? " wide" : ""}` });
  const input = element(choices ? "select" : tall ? "textarea" : "input", "", { id, autocomplete: "off", spellcheck: String(tall || wide) });
  if (input.matches("input")) input.type = "text";
  if (mode) input.inputMode = mode;
  if (tall) input.rows = 8;
  for (const [value, words] of choices ?? []) input.append(element("option", words, { value }));
  control.append(element("label", label, { for: id }), input);
  if (help) {
    control.append(element("p", help, { class: "help", id: `${id}-help` }));
    input.setAttribute("aria-describedby", `${id}-help`);
  }
  committed(input, (value) => edit(() => edits(value), { field: input }));
  return Object.assign(control, {
    input,
    show: (value) => {
      if (choices && ![...input.options].some((one) => one.value === (value ?? ""))) {
        input.append(element("option", value, { value }));
      }
      put(input, value);
    },
  });
}

/** A button; `label` is what it does, in full, where its text alone does not say it. */
export function button(text, act, { label = "", css = "text", icon = "" } = {}) {
  const one = element("button", text, { type: "button", class: css });
  if (icon) one.prepend(picture(icon));
  if (label) one.setAttribute("aria-label", label);
  one.addEventListener("click", act);
  return one;
}

const SHAPES = {
  up: "m6 15 6-6 6 6", down: "m6 9 6 6 6-6", remove: "M6 6l12 12M18 6 6 18", add: "M12 5v14M5 12h14",
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
};

function picture(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/** Let a list's elements show items: those of the same kind stay, so that the focus does too. */
export function sync(list, items, make) {
  items.forEach((item, index) => {
    const there = real(list)[index];
    const kept = there?.dataset.kind === (item.kind ?? "");
    const node = kept ? there : make(item);
    if (!kept) node.dataset.kind = item.kind ?? "";
    if (!kept && there) there.replaceWith(node);
    else if (!kept) list.append(node);
    node.show(item);
  });
  for (const extra of real(list).slice(items.length)) extra.remove();
}

/** The elements of a list that stand for something in the text; others are only begun. */
export const real = (list) => [...list.children].filter((one) => !one.classList.contains("begun"));

/** An element that was only begun stands for something from now on. */
export function settled(one) {
  one.classList.remove("begun");
  one.dataset.kind = "";
  one.settled = true;
}

/** The path of a list where its card is by now: an edit may have moved it since it was shown. */
function pathOf(list) {
  const path = JSON.parse(list.dataset.path);
  const card = list.parentElement.closest(".card[data-kind]");
  if (!card) return path;
  const step = card.path.at(-1);
  const index = typeof step === "string" ? step : real(card.parentElement).indexOf(card);
  return [...pathOf(card.parentElement), index, ...path.slice(card.path.length)];
}

/** Let the elements of all lists follow edits that move their items, before the result is shown. */
export function follow(edits, lists = all("[data-path]")) {
  const listAt = (path) => lists.find((list) => list.isConnected && JSON.stringify(pathOf(list)) === JSON.stringify(path));
  const itemAt = (path) => real(listAt(path.slice(0, -1)) ?? element("ul"))[path.at(-1)];
  const place = (node, path) => {
    const list = listAt(path.slice(0, -1));
    if (list) list.insertBefore(node, real(list)[path.at(-1)] ?? null);
  };
  for (const one of edits) {
    if (one.remove) itemAt(one.remove)?.remove();
    const own = one.insert && real(listAt(one.insert) ?? element("ul")).find((row) => row.settled);
    if (own) own.settled = false; // it is what was inserted
    else if (one.insert) place(element("li"), [...one.insert, one.at]);
    if (one.duplicate) place(element("li"), [...one.duplicate.slice(0, -1), one.duplicate.at(-1) + 1]);
    const node = one.move && itemAt(one.move);
    if (node) {
      node.remove();
      place(node, one.to);
    }
  }
}

/** The focus, given to an element that is there by now. */
export function focus(target) {
  if (!target) return;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
}
