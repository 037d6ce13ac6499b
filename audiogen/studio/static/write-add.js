// What can be added: something empty, or one of the ready exercises.

import { $, all, say } from "./page.js";
import { cardAt, unfold } from "./write-cards.js";
import { focus } from "./write-field.js";
import { edit } from "./write-state.js";
import { newName, newPassage, newTempo } from "./write-words.js";

const NEW = {
  hold: () => ({ name: newName(), hold: "30s" }),
  reps: () => ({ name: newName(), reps: 8, tempo: newTempo() }),
  passage: newPassage,
  group: () => ({ rounds: 3, work: "40s", rest: "20s", exercises: [{ name: newName() }] }),
};
const dialog = $("#add");
const search = $("#add-search");
let place = null;

/** Ask what to add at a place of a list. */
export function adding(path, at) {
  place = { path, at };
  search.value = "";
  filter();
  $("[data-new=group]", dialog).hidden = path.length > 1; // groups have no groups
  dialog.showModal();
}

function add(value, name) {
  dialog.close();
  const { path, at } = place;
  edit(() => [{ insert: path, at, value }], { shown: () => {
    const card = cardAt([...path, at]);
    if (!card) return;
    unfold(card);
    const input = card.parts.first();
    focus(input);
    input.select();
    say(`${name} added.`);
  } });
}

function filter() {
  const wanted = search.value.trim().toLowerCase();
  for (const one of all("[data-ready]", dialog)) one.parentElement.hidden = !one.textContent.toLowerCase().includes(wanted);
  $("#add-none").hidden = all("[data-ready]", dialog).some((one) => !one.parentElement.hidden);
}

for (const one of all("[data-new]", dialog)) one.addEventListener("click", () => add(NEW[one.dataset.new](), $("strong", one).textContent));
for (const one of all("[data-ready]", dialog)) one.addEventListener("click", () => add({ use: one.dataset.ready }, one.textContent.trim()));
search.addEventListener("input", filter);
$("#add-close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
$("#add-item").addEventListener("click", () => adding(["exercises"], all("#items > .card").length));

