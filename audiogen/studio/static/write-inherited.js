// What a routine inherits from the one that it extends: listed below its own cards, to be changed here.

import { $, base, element, say } from "./page.js";
import { cardAt, unfold } from "./write-cards.js";
import { amount } from "./write-exercise.js";
import { button, focus } from "./write-field.js";
import { edit, state, watch } from "./write-state.js";

const place = $("#inherited");

/** Begin a change with the value that holds: then its card is there. */
function change({ slug, name, key, value }) {
  const first = { [key]: ["hold", "reps"].includes(key) ? amount(value) : value };
  const make = () => [state.plan.items.length ? { set: ["exercises", slug], value: first } : { set: ["exercises"], value: { [slug]: first } }];
  edit(make, { shown: () => {
    const card = cardAt(["exercises", slug]);
    if (!card) return;
    unfold(card);
    focus(card.toggle);
    say(`${name} can be changed here.`);
  } });
}

function row(item) {
  const one = element("li");
  const act = button("Change here", () => change(item), { css: "button quiet", label: `Change here: ${item.name}` });
  one.append(element("span", item.number ?? "", { class: "number" }), element("span", item.name, { lang: state.plan.language }), element("span", item.dose, { class: "dose" }), act);
  return one;
}

watch((plan) => {
  if (!plan.readable) return; // what it had is still shown
  const has = plan.inherited;
  place.hidden = !has;
  $("#add-item").hidden ||= Boolean(has);
  if (!has) return;
  const from = has.url ? element("a", has.from, { href: `${base}/${has.url}` }) : element("code", has.from);
  $("h2", place).replaceChildren(...(has.items.length ? ["As in ", from] : ["Everything in ", from, " is changed above"]));
  $("ul", place).replaceChildren(...has.items.map(row));
});
