// The page on which a routine is written.

import { showLane } from "./lane.js";
import { $, all } from "./page.js";
import { redo, state, take, undo, watch } from "./write-state.js";
import { unfold } from "./write-cards.js";
import "./write-others.js";
import "./write-inherited.js";
import "./write-hints.js";
import "./write-save.js";
import { open } from "./write-text.js";

watch((plan) => {
  $("#total").textContent = plan.total ?? "–";
  if (plan.ok) showLane(plan);
  $(".picture").classList.toggle("stale", !plan.ok);
});

$("#undo").addEventListener("click", undo);
$("#redo").addEventListener("click", redo);
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
  if (event.target.closest?.("#text")) return; // an editor has its own
  const typing = event.target.matches?.("input, textarea") && event.target.value !== event.target.dataset.shown;
  if (typing) return;
  event.preventDefault();
  (event.shiftKey ? redo : undo)();
});
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  document.activeElement.blur();
  $("#bar").requestSubmit();
});

await take(state.text, { forget: true });
const slug = decodeURIComponent(location.hash.slice(1));
const wanted = slug && all(".card[data-kind]").find((card) => card.dataset.slug === slug);
if (wanted) {
  const group = wanted.parentElement.closest(".card[data-kind=group]");
  if (group) unfold(group);
  unfold(wanted);
  wanted.scrollIntoView({ block: "start" });
  wanted.toggle.focus({ preventScroll: true });
} else if (state.plan && !state.plan.ok && !state.plan.items?.length) open("text");
$("#bar").inert = false;
document.body.dataset.ready = "1";
