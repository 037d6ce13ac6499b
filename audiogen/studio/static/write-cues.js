// The cues of an exercise: a row of fields for each, below the track with their pins.

import { all, element, say } from "./page.js";
import { steady } from "./steady.js";
import { button, committed, focus, put, real, settled, sync } from "./write-field.js";
import { spoken } from "./write-lines.js";
import { track } from "./write-pins.js";
import { edit } from "./write-state.js";

const PLACES = { at: "Time", after: "How long after the cue before", every: "How often" };
const WHY = {
  after: "Counted from the end of the cue before, or of the start tone.",
  every: "It comes this often; its pin is the first time.",
};

let made = 0;

/** The cues of an exercise; `owner()` is its path, `named()` its name. */
export function cues(owner, named) {
  const box = element("section", "", { class: "cues" });
  const list = element("ul");
  const add = button("Add a cue", begin, { css: "text add-line", icon: "add" });
  const path = () => [...owner(), "cues"];
  const index = (row) => real(list).indexOf(row);
  const lane = track(path, named, (number) => real(list)[number]);
  box.append(element("h3", "Cues"), lane, list, add);

  function make() {
    const row = element("li", "", { class: "cue" });
    const number = element("span", "", { class: "pin-number", "aria-hidden": "true" });
    const sound = element("span", "", { class: "cue-sound" });
    const warning = element("p", "Does not fit here: move it or shorten it.", { class: "cue-warning", hidden: "" });
    const why = element("p", "", { class: "help", id: `cue-${(made += 1)}` });
    const remove = button("", () => gone(row), { css: "icon", icon: "remove" });
    row.at = element("input", "", { type: "text", class: "at", autocomplete: "off", spellcheck: "false" });
    row.said = spoken("Cue", { changed: (value, side, input) => changed(row, value, side, input) });
    committed(row.at, (value) => {
      if (!row.classList.contains("begun")) edit(() => [{ set: [...path(), index(row), row.key], value }], { field: row.at });
    });
    row.append(number, row.at, row.said, sound, remove, why, warning);
    row.fit = (fits) => {
      row.classList.toggle("unfit", fits === false);
      warning.hidden = fits !== false;
    };
    row.at.setAttribute("aria-describedby", why.id);
    row.show = (cue) => {
      const name = `cue ${[...list.children].indexOf(row) + 1}`;
      row.key = cue.key ?? "at";
      number.textContent = name.slice(4);
      why.textContent = WHY[row.key] ?? "";
      put(row.at, cue.at);
      row.at.setAttribute("aria-label", `${PLACES[row.key]} of ${name}, ${named()}`);
      row.said.hidden = Boolean(cue.sound);
      sound.textContent = cue.sound ? `Sound: ${cue.sound}` : "";
      row.said.show(cue.says ?? "", (side) => `Words of ${name}${side ? `, ${side}` : ""}, ${named()}`);
      remove.setAttribute("aria-label", `Delete ${name}, ${named()}`);
      row.dataset.line = cue.line ?? "";
    };
    return row;
  }

  /** A cue that is only in the page until it has words. */
  function begin() {
    const row = make();
    row.classList.add("begun");
    steady(() => {
      list.append(row);
      box.classList.remove("none");
      row.show({ at: `${lane.free() / 1000}s`, says: "" });
    });
    focus(row.said.first());
  }

  function changed(row, value, side, input) {
    const begun = () => row.classList.contains("begun");
    if (!value && !side) {
      if (!begun()) gone(row);
      return;
    }
    const insert = () => ({ insert: path(), at: real(list).length, value: { at: row.at.value.trim(), say: value } });
    const set = () => ({ set: [...path(), index(row), "say", ...(side ? [side] : [])], value });
    edit(() => [begun() ? insert() : set()], { field: input, accepted: () => begun() && settled(row) });
  }

  function gone(row) {
    const last = real(list).length === 1;
    if (row.classList.contains("begun")) row.remove();
    else edit(() => [last ? { set: path(), value: null } : { remove: [...path(), index(row)] }], { shown: () => say("Cue deleted.") });
    focus(add);
  }

  return Object.assign(box, {
    show(item) {
      list.dataset.path = JSON.stringify(path());
      box.classList.toggle("none", !item.cues?.length && !list.children.length);
      sync(list, item.cues ?? [], make);
      lane.show(item); // whose pins mark their rows
      for (const row of all(".begun", list)) list.append(row);
    },
  });
}
