// The session to scale, and each exercise: frames drawn by the studio, into which the drawings of visits are set.

import { $ } from "./page.js";
import { differs, part } from "./parts.js";

let frame = null;

/** Draw the lane of the session. */
export function showLane(plan) {
  const [around, visits] = $("#lane > svg").children;
  if (frame !== plan.frame) around.innerHTML = plan.frame; // without any user's text, like all drawings
  frame = plan.frame;
  while (visits.children.length > plan.visits.length) visits.lastChild.remove();
  plan.visits.forEach((digest, index) => {
    const [, start, length] = plan.spans[index];
    const visit = visits.children[index] ?? visits.appendChild(svg({ y: 22, height: 36, overflow: "visible" }));
    set(visit, digest, start / plan.length_ms, length / plan.length_ms);
  });
}

const drawings = new WeakMap(); // how to draw the lane of each card as it now is
const inView = new Set();
const watching = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) {
    if (isIntersecting) inView.add(target);
    else inView.delete(target);
    if (isIntersecting) drawings.get(target)();
  }
}, { rootMargin: "50%" });

/** Draw the lane of an exercise on its card once it is in view: its first visit, on the scale of the longest. */
export function showOwnLane(card, number, plan) {
  drawings.set(card, () => drawOwnLane($("[data-lane]", card), number, plan));
  if (inView.has(card)) drawings.get(card)();
  else watching.observe(card);
}

function drawOwnLane(place, number, plan) {
  const index = plan.spans.findIndex(([one]) => one === number);
  if (index < 0) {
    place.replaceChildren();
    return;
  }
  if (!place.firstElementChild) {
    const lane = svg({ class: "lane", height: 36, "aria-hidden": "true", focusable: "false" });
    lane.append(svg({ y: 0, height: 36, overflow: "visible" }));
    place.append(lane);
  }
  const longest = Math.max(...plan.spans.map(([, , length]) => length));
  set(place.firstElementChild.firstElementChild, plan.visits[index], 0, plan.spans[index][2] / longest);
}

function set(visit, digest, at, wide) {
  visit.setAttribute("x", `${(100 * at).toFixed(2)}%`);
  visit.setAttribute("width", `${(100 * wide).toFixed(2)}%`);
  if (differs(visit, digest)) visit.innerHTML = part(digest);
}

function svg(attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
