// The phases of a repetition: the words of each, and how long it is.

import { element } from "./page.js";
import { button, committed, focus, put, real, sync } from "./write-field.js";
import { spoken } from "./write-lines.js";
import { edit } from "./write-state.js";
import { newPhase } from "./write-words.js";

export function phases(owner, named) {
  const box = element("section", "", { class: "phases" });
  const list = element("ul");
  const path = () => [...owner(), "tempo"];
  const index = (row) => real(list).indexOf(row);
  const add = button("Add a phase", () => {
    edit(() => [{ insert: path(), at: real(list).length, value: newPhase() }], { shown: () => focus(real(list).at(-1)?.said.first()) });
  }, { css: "text add-line", icon: "add" });
  box.append(element("h3", "Phases of a repetition"), list, add);

  function make() {
    const row = element("li", "", { class: "cue" });
    const length = element("input", "", { type: "text", class: "at", autocomplete: "off", spellcheck: "false" });
    row.said = spoken("Phase", {
      changed: (value, side, input) => edit(() => [{ set: [...path(), index(row), "say", ...(side ? [side] : [])], value: value || null }], { field: input }),
    });
    const remove = button("", () => {
      edit(() => [{ remove: [...path(), index(row)] }]);
      focus(add);
    }, { css: "icon", icon: "remove" });
    committed(length, (value) => edit(() => [{ set: [...path(), index(row), "for"], value }], { field: length }));
    row.append(length, row.said, remove);
    row.show = (phase) => {
      const name = `phase ${index(row) + 1}`;
      put(length, phase.for);
      length.setAttribute("aria-label", `Length of ${name}, ${named()}`);
      row.said.show(phase.says ?? "", (side) => `Words of ${name}${side ? `, ${side}` : ""}, ${named()}`);
      remove.setAttribute("aria-label", `Delete ${name}, ${named()}`);
      remove.disabled = real(list).length < 2;
    };
    return row;
  }

  return Object.assign(box, {
    show(listed) {
      box.hidden = !listed?.length;
      list.dataset.path = JSON.stringify(path());
      sync(list, listed ?? [], make);
    },
  });
}
