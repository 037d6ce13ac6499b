// The cards: exercises, passages, and groups of them. Each folds, moves, is heard, duplicated and deleted.

import { showOwnLane } from "./lane.js";
import { $, all, element, say } from "./page.js";
import { adding } from "./write-add.js";
import { exercise } from "./write-exercise.js";
import { button, focus, follow, sync } from "./write-field.js";
import { group, passage } from "./write-others.js";
import { keys, moveBy, sorts } from "./write-order.js";
import { preview } from "./sound.js";
import { edit, settled, state, told, undoable, watch } from "./write-state.js";

const BODIES = { exercise, passage, group };
let made = 0;

/** The card at a path. */
export const cardAt = (path) => all(".card[data-kind]").find((card) => JSON.stringify(card.path) === JSON.stringify(path));

const language = () => state.plan.language;

/** Show a list's items as cards. What a folded card of an exercise or a passage has is made once it is needed. */
export function showItems(list, path, items) {
  list.dataset.path = JSON.stringify(path);
  sync(list, items ?? [], make);
}

export function unfold(card, open = true) {
  if (open) card.ready();
  card.classList.toggle("open", open);
  card.toggle.setAttribute("aria-expanded", String(open));
  card.body.hidden = !open;
}

function make({ kind }) {
  const card = element("li", "", { class: "card write-card" });
  const id = `card-${(made += 1)}`;
  const header = element("header");
  const heading = element("h2");
  const toggle = element("button", "", { type: "button", class: "card-name", "aria-expanded": "false", "aria-controls": id });
  const [name, dose, notes] = ["card-title", "dose", "card-notes"].map((css) => element("span", "", { class: css }));
  const badge = element("span", "", { class: "badge", "aria-hidden": "true" });
  const grip = button("", () => {}, { css: "icon grip", icon: "grip" });
  const body = element("div", "", { class: "card-body", id });
  toggle.append(name, dose, notes);
  heading.append(toggle);
  header.append(grip, badge, heading);
  card.append(header, body);
  Object.assign(card, { toggle, body, grip });
  body.hidden = true;
  toggle.addEventListener("click", () => unfold(card, body.hidden));
  card.ready = () => {
    if (!card.parts) fill(card, kind);
    card.parts.show(card.item);
    draw();
  };
  const draw = () => { if (kind === "exercise" && state.plan.ok) showOwnLane(card, card.item.number, state.plan); };
  sorts(card);
  keys(card);

  card.show = (item) => {
    const other = card.item?.key !== item.key || card.language !== language();
    card.item = item;
    card.language = language();
    card.path = item.path;
    card.title = item.name || kind;
    for (const css of [...card.classList]) if (/^x\d$/.test(css)) card.classList.remove(css);
    if (item.number) card.classList.add(`x${(item.number - 1) % 6}`);
    card.dataset.slug = item.slug ?? "";
    badge.textContent = item.number ?? "";
    name.textContent = card.title;
    name.lang = card.language;
    dose.textContent = item.dose || (kind === "exercise" && !state.plan.ok && dose.textContent) || (kind === "group" && item.fields.rounds ? `${item.fields.rounds} rounds` : kind === "exercise" ? "" : kind);
    const unfit = (item.cues ?? []).filter((cue) => cue.fits === false).length;
    notes.replaceChildren(...(unfit ? [element("span", `${unfit} cue${unfit > 1 ? "s" : ""} ${unfit > 1 ? "do" : "does"} not fit`, { class: "flag bad" })] : []));
    card.classList.toggle("variant", typeof item.path.at(-1) === "string"); // of a routine that this one extends
    grip.setAttribute("aria-label", `Move ${card.title}: drag, or press Alt with an arrow key`);
    if (kind === "group" || card.classList.contains("open") || (card.parts && other)) card.ready();
    else if (card.parts) draw();
  };
  return card;
}

/** What is under a card's name. */
function fill(card, kind) {
  card.parts = BODIES[kind](card);
  const footer = element("footer");
  const act = (text, done) => {
    const one = button(text, done);
    one.dataset.structural = "";
    footer.append(one);
  };
  if (kind !== "group") footer.append(listener(() => card.item.slug));
  act("Move up", ({ currentTarget }) => moveBy(card, -1, currentTarget));
  act("Move down", ({ currentTarget }) => moveBy(card, 1, currentTarget));
  act("Duplicate", () => duplicate(card));
  act("Add below", () => adding(card.path.slice(0, -1), card.path.at(-1) + 1));
  act("Delete", () => remove(card));
  card.hints = element("div", "", { class: "hints" });
  card.body.append(element("div"), card.parts, card.hints, footer); // guesses come first
  const { show } = card.parts;
  card.parts.show = (item) => {
    show(item);
    for (const one of footer.children) one.setAttribute("aria-label", `${one.textContent}: ${card.title}`);
  };
}

/** A button that plays an item; with "" for its slug, the passage of a routine that is a text. */
export function listener(slug) {
  const one = button("Listen", async () => {
    await settled(); // what was just typed is heard, too
    preview(one, "write/preview", { name: state.name, text: state.text, exercise: slug() }, told);
  });
  return one;
}

function duplicate(card) {
  const path = card.path;
  edit(() => [{ duplicate: card.path }], { shown: () => {
    focus(cardAt([...path.slice(0, -1), path.at(-1) + 1])?.toggle);
    say(`${card.title} duplicated.`);
  } });
}

function remove(card) {
  const next = card.nextElementSibling ?? card.previousElementSibling;
  edit(() => [{ remove: card.path }], { shown: () => {
    focus(next?.isConnected ? next.toggle : $("#add-item"));
    undoable(`${card.title} deleted.`);
  } });
}

watch((plan, edits) => {
  follow(edits);
  showItems($("#items"), ["exercises"], plan.items);
});
