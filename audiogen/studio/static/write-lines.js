// Lists of spoken lines: Enter begins a line, Backspace takes an empty one away, each is spoken by its own button.

import { $, element, say } from "./page.js";
import { preview } from "./sound.js";
import { steady } from "./steady.js";
import { button, committed, focus, put, real, settled, sync } from "./write-field.js";
import { edit, state, told } from "./write-state.js";

const SIDES = ["right", "left"];

/** A field for words, as high as they need, in the routine's language. */
export function words(label) {
  const input = element("textarea", "", { rows: 1, class: "words", "aria-label": label, spellcheck: "true" });
  const grow = () => {
    if (CSS.supports("field-sizing", "content")) return;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 2}px`;
  };
  input.addEventListener("input", grow);
  input.addEventListener("focus", grow);
  return input;
}

/** A button that speaks what a field has. */
export const speaker = (input) => {
  const one = button("", () => {
    const line = input().value.trim();
    if (line) preview(one, "write/preview", { name: state.name, text: state.text, line }, told);
  }, { css: "play" });
  return one;
};

/** Fields for words: one, or one for each side. */
export function spoken(label, act) {
  const box = element("div", "", { class: "spoken" });
  let says;
  const one = (side) => {
    const input = words(side ? `${label}, ${side}` : label);
    const play = speaker(() => input);
    const row = element("div", "", { class: "said" });
    if (side) row.append(element("span", side, { class: "side-label", "aria-hidden": "true" }));
    row.append(play, input);
    committed(input, (value) => act.changed(value, side, input));
    input.addEventListener("keydown", (event) => act.key?.(event, input));
    return Object.assign(row, { input, play, side });
  };
  return Object.assign(box, {
    show(value, name) {
      const sided = value !== null && typeof value === "object";
      if (sided !== says) box.replaceChildren(...(sided ? SIDES : [""]).map(one));
      says = sided;
      for (const row of box.children) {
        const text = sided ? value[row.side] : value;
        put(row.input, text);
        row.input.setAttribute("aria-label", name(row.side));
        row.input.lang = state.plan?.language || "en";
        row.play.setAttribute("aria-label", `Listen: ${text || label}`);
      }
    },
    first: () => $("textarea", box),
  });
}

/** The list of lines under a key of an item; `owner()` is the item's path, `named()` its name. */
export function lines(title, key, owner, named, more) {
  const box = element("section", "", { class: "line-list" });
  const list = element("ul");
  const add = button(more, () => begin(null), { css: "text add-line", icon: "add" });
  box.append(element("h3", title), list, add);
  const path = () => [...owner(), key];
  const label = (row) => `${title}, line ${[...list.children].indexOf(row) + 1}${named() ? `, ${named()}` : ""}`;

  /** A line that is only in the page until it has words. */
  function begin(behind) {
    const row = make();
    row.classList.add("begun");
    steady(() => {
      if (behind) behind.after(row);
      else list.append(row);
      row.show({ says: "" });
      emptied();
    });
    focus(row.said.first());
  }

  const emptied = () => box.classList.toggle("none", !list.children.length);

  function make() {
    const row = element("li", "", { class: "line" });
    row.said = spoken(title, {
      changed: (value, side, input) => change(row, value, side, input),
      key: (event, input) => key_(event, row, input),
    });
    const remove = button("", () => gone(row), { css: "icon", icon: "remove" });
    row.append(row.said, remove);
    row.show = (line) => {
      row.path = line.path;
      row.dataset.line = line.line ?? "";
      row.said.show(line.says, (side) => `${label(row)}${side ? `, ${side}` : ""}`);
      remove.setAttribute("aria-label", `Delete: ${label(row)}`);
    };
    return row;
  }

  const index = (row) => real(list).indexOf(row);
  const where = (row) => (row.path?.at(-1) === key ? path() : [...path(), index(row)]); // a single line is no list

  function change(row, value, side, input) {
    const begun = () => row.classList.contains("begun");
    if (!value && !side) {
      if (!begun()) gone(row);
      return;
    }
    const at = () => real(list).filter((one) => one.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING).length;
    const set = () => ({ set: side ? [...where(row), side] : where(row), value });
    edit(() => [begun() ? { insert: path(), at: at(), value } : set()], { field: input, accepted: () => begun() && settled(row) });
  }

  function gone(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    const begun = row.classList.contains("begun");
    if (begun) {
      row.remove();
      emptied();
    } else edit(() => [where(row).at(-1) === key ? { set: path(), value: null } : { remove: where(row) }], { shown: () => say("Line deleted.") });
    focus(next?.said.first() ?? add);
  }

  function key_(event, row, input) {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (input.value.trim() && input.value.trim() !== input.dataset.shown) input.dispatchEvent(new Event("change"));
      if (input.value.trim()) begin(row);
    }
    if (event.key === "Backspace" && !input.value && !input.closest(".said").side) {
      event.preventDefault();
      const before = row.previousElementSibling?.said.first() ?? null;
      gone(row);
      if (before) focus(before);
    }
  }

  return Object.assign(box, {
    show(listed) {
      list.dataset.path = JSON.stringify(path());
      sync(list, listed ?? [], make);
      emptied();
    },
  });
}
