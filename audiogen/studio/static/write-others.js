// What the cards of passages and groups have, and that of the session itself.

import { $, element } from "./page.js";
import { adding } from "./write-add.js";
import { listener, showItems } from "./write-cards.js";
import { button, field, orNull, whole } from "./write-field.js";
import { lines } from "./write-lines.js";
import { openText } from "./write-text.js";
import { state, watch } from "./write-state.js";

const MARKS = [["Pause of 10 s", "[10s]"], ["Pause that stretches", "[20-40s]"], ["Bell", "[bell]"]];

/** The words and pauses of what `owner()` is the path of. */
function spokenText(owner, line) {
  const box = element("div", "", { class: "card-fields" });
  const prose = field("Words and pauses", (value) => [{ set: [...owner(), "say"], value: `${value}\n` }], {
    wide: true, tall: true, help: "A blank line is a short pause; [20s] is a pause of twenty seconds.",
  });
  const marks = element("div", "", { class: "marks", role: "group", "aria-label": "Insert into the words" });
  for (const [label, mark] of MARKS) {
    marks.append(button(label, () => {
      prose.input.setRangeText(` ${mark} `, prose.input.selectionStart, prose.input.selectionEnd, "end");
      prose.input.dispatchEvent(new Event("change"));
      prose.input.focus();
    }, { css: "button quiet" }));
  }
  const listed = element("p", "Its words are written as a list. ", { class: "help" });
  listed.append(button("Edit them as text", () => openText(line())));
  box.append(marks, prose, listed);
  return Object.assign(box, {
    show(says) {
      const text = typeof says === "string";
      prose.hidden = marks.hidden = !text;
      listed.hidden = text;
      prose.input.lang = state.plan?.language || "en";
      prose.show(text ? says.trimEnd() : "");
    },
  });
}

export function passage(card) {
  const body = element("div", "", { class: "card-fields" });
  const name = field("Name", (value) => [{ set: [...card.path, "passage"], value }], { wide: true });
  const prose = spokenText(() => card.path, () => card.item.line);
  body.append(name, prose);
  return Object.assign(body, {
    first: () => name.input,
    show(item) {
      name.show(item.fields.passage);
      prose.show(item.prose);
    },
  });
}

export function group(card) {
  const body = element("div", "", { class: "card-fields" });
  const sets = (key, as = orNull) => (value) => [{ set: [...card.path, key], value: as(value) }];
  const fields = {
    name: field("Name", sets("name"), { wide: true }),
    rounds: field("Rounds", sets("rounds", whole), { mode: "numeric" }),
    work: field("Work", sets("work"), { help: "40s: each exercise without a dose of its own" }),
    rest: field("Rest", sets("rest"), { help: "20s: between exercises" }),
    round_rest: field("Rest between rounds", sets("round_rest"), { help: "1m" }),
    every: field("Start one every", sets("every"), { help: "1m, in place of rest" }),
  };
  const amounts = element("div", "", { class: "amounts" });
  const { name, ...others } = fields;
  amounts.append(...Object.values(others));
  const list = element("ul", "", { class: "items" });
  const add = button("Add to this group", () => adding([...card.path, "exercises"], card.item.items.length), { css: "button quiet" });
  body.append(name, amounts, list, add);
  return Object.assign(body, {
    first: () => name.input,
    show(item) {
      for (const [key, one] of Object.entries(fields)) one.show(item.fields[key]);
      name.input.placeholder = item.name;
      showItems(list, [...item.path, "exercises"], item.items);
    },
  });
}

// -- the session

const place = $("#session-fields");
const sets = (key, as = orNull) => (value) => [{ set: [key], value: as(value) }];
const root = {
  title: field("Title", sets("title"), { wide: true }),
  description: field("Description", sets("description"), { wide: true, help: "Shown, not spoken." }),
  length: field("Length", sets("length"), { help: "10m: the pauses are fitted to it. Empty: as long as needed." }),
  language: field("Language", sets("language"), { help: "en, de, es …" }),
};
const lists = [
  ["before", "Said before", "Add a line said before"],
  ["caution", "When to stop", "Add when to stop"],
  ["after", "Said at the end", "Add a line said at the end"],
].map(([key, title, more]) => [key, lines(title, key, () => [], () => "", more)]);
const amounts = element("div", "", { class: "amounts" });
amounts.append(root.length, root.language);
place.append(root.title, root.description, amounts, ...lists.map(([, one]) => one));

const prose = spokenText(() => [], () => 1); // of a routine that is a title and a text
$("#prose").append(prose, listener(() => ""));

watch((plan) => {
  const has = plan.root ?? {};
  $("#prose").hidden = !("say" in has);
  $("#add-item").hidden = "say" in has;
  prose.show(has.say);
  for (const [key, one] of Object.entries(root)) one.show(has[key]);
  for (const [key, one] of lists) one.show(has[key]);
  $("#title").textContent = has.title || state.name;
  $("#title").lang = plan.language || "en";
  document.title = `${has.title || state.name} · audiogen studio`;
});
