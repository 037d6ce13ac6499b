// The order of cards: by dragging their handles, by Alt with the arrow keys, by buttons.

import { say } from "./page.js";
import { cardAt } from "./write-cards.js";
import { focus, real } from "./write-field.js";
import { edit } from "./write-state.js";

const EDGE_PX = 90; // of the window, where it scrolls while a card is dragged

const groupOf = (card) => card.parentElement.closest(".card[data-kind=group]");

/** Where a card goes by one step: past its neighbour, into an open group, or out of its own. */
function stepped(card, by) {
  const list = card.path.slice(0, -1);
  const index = card.path.at(-1);
  const next = real(card.parentElement)[index + by];
  const group = groupOf(card);
  if (next?.dataset.kind === "group" && card.dataset.kind !== "group" && next.classList.contains("open")) {
    return by > 0 ? [...list, index, "exercises", 0] : [...list, index - 1, "exercises", next.item.items.length];
  }
  if (next) return [...list, index + by];
  if (!group) return null;
  return [...group.path.slice(0, -1), group.path.at(-1) + (by > 0 ? 1 : 0)];
}

/** Move a card; the focus stays with the control that moved it. */
function move(path, to, control, still = control) {
  edit(() => [{ move: path, to }], { still, shown: () => {
    const card = cardAt(to);
    focus(control);
    if (card) say(`${card.title}: now ${to.at(-1) + 1} of ${real(card.parentElement).length}.`);
  } });
}

export function moveBy(card, by, control) {
  const to = stepped(card, by);
  if (to) move(card.path, to, control);
  else say(`${card.title} is ${by < 0 ? "first" : "last"} already.`);
}

export function keys(card) {
  card.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || !by || event.defaultPrevented) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("change")); // what was just typed is kept
    moveBy(card, by, event.target);
  });
}

/** Let a card be dragged among its siblings by its handle; the others make room. */
export function sorts(card) {
  const { grip } = card;
  let drag = null;

  grip.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const cards = real(card.parentElement);
    const boxes = cards.map((one) => one.getBoundingClientRect());
    const from = cards.indexOf(card);
    const high = boxes[from].height + Math.max(0, (boxes[1]?.top ?? 0) - (boxes[0]?.bottom ?? 0));
    drag = { cards, from, to: from, high, y: event.pageY, middles: boxes.map((box) => box.top + scrollY + box.height / 2) };
    grip.setPointerCapture(event.pointerId);
  });

  grip.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const by = event.pageY - drag.y;
    if (!card.classList.contains("lifted") && Math.abs(by) < 5) return;
    card.classList.add("lifted");
    card.style.translate = `0 ${by}px`;
    const middle = drag.middles[drag.from] + by;
    drag.to = drag.middles.filter((one, index) => index !== drag.from && one < middle).length;
    drag.cards.forEach((one, index) => {
      if (one === card) return;
      const down = index < drag.from && index >= drag.to;
      const up = index > drag.from && index <= drag.to;
      one.style.translate = down ? `0 ${drag.high}px` : up ? `0 ${-drag.high}px` : "";
    });
    if (event.clientY < EDGE_PX) scrollBy(0, -12);
    if (event.clientY > innerHeight - EDGE_PX) scrollBy(0, 12);
  });

  const end = (keep) => () => {
    if (!drag) return;
    const { cards, from, to } = drag;
    drag = null;
    card.classList.remove("lifted");
    for (const one of cards) one.style.translate = "";
    if (keep && to !== from) move(card.path, [...card.path.slice(0, -1), to], grip, null); // it is where it was let go
  };
  grip.addEventListener("pointerup", end(true));
  grip.addEventListener("pointercancel", end(false));
  grip.addEventListener("keydown", (event) => { if (event.key === "Escape") end(false)(); });
}
