// Shaping: the buttons and fields of the page. Every change is shown at once, and planned by the studio.

import { $, all, copy, say } from "./page.js";
import { cards, change, include, move, reset } from "./plan.js";
import { problem, slide } from "./show.js";
import { steady } from "./steady.js";
import "./listen.js";
import "./save.js";

// -- sliders, buttons, fields

const written = { s: (number) => `${number}s`, count: String, x: (number) => `${number}x` };

/** What a tempo of so many seconds a repetition is as a factor; any other text as it is. */
function factor(text, per) {
  const seconds = per && /^(\d+(?:\.\d+)?) ?s?$/.exec(text);
  return seconds ? `${Number((seconds[1] / per).toFixed(4))}x` : text;
}

let pointer = false;
addEventListener("pointerdown", () => { pointer = true; });
addEventListener("pointerup", () => { pointer = false; });
addEventListener("pointercancel", () => { pointer = false; });

for (const dial of all(".dial")) {
  const slider = $("input[type=range]", dial);
  const typed = $(".typed", dial);
  const { set, target, unit, per } = dial.dataset;
  const name = slider.getAttribute("aria-label");
  const to = (text, how) => change((next) => next.set(set, target, text), { field: typed, ...how });

  /** Show a number before the studio has planned it, so that the next change counts from it. */
  const at = (number) => {
    typed.value = per ? `${Number((number * per).toFixed(1))}s` : written[unit](number);
    return written[unit](number);
  };
  const value = () => {
    // A pointer is not as precise as a key: it moves in steps of five seconds.
    const coarse = pointer && unit === "s" && Number(slider.max) > 60;
    return coarse ? Math.max(Number(slider.min), Math.round(slider.value / 5) * 5) : Number(slider.value);
  };
  slider.addEventListener("input", () => to(at(value()), { dragging: true, keep: slider }));
  slider.addEventListener("change", () => to(at(value()), { keep: slider }));

  for (const button of all(".step", dial)) {
    button.addEventListener("click", () => {
      const lowest = unit === "s" ? Math.min(1, Number(slider.min)) : Number(slider.min);
      const next = Math.max(lowest, Math.round((Number(slider.value) + Number(button.dataset.by)) * 1000) / 1000);
      slide(slider, next);
      to(at(next));
      say(`${name}: ${typed.value}`);
    });
  }
  const given = () => to(factor(typed.value.trim(), per));
  typed.addEventListener("change", given);
  typed.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (typed.value.trim() !== slider.getAttribute("aria-valuetext")) given();
  });
  typed.addEventListener("focus", () => typed.select());
  typed.addEventListener("blur", () => {
    if (!document.body.dataset.busy && !typed.hasAttribute("aria-invalid")) typed.value = slider.getAttribute("aria-valuetext");
  });
}

for (const card of cards) {
  const { slug } = card.dataset;
  $(".fold", card).addEventListener("click", (event) => {
    const open = card.classList.toggle("open");
    event.currentTarget.setAttribute("aria-expanded", String(open));
  });
  $("[data-do]", card).addEventListener("change", ({ target }) => {
    if (include(slug, target.checked)) {
      steady(() => card.classList.toggle("skipped", !target.checked), target);
      return;
    }
    target.checked = true;
    problem("This is the last exercise. Leave it in.");
  });
  $("[data-alike]", card)?.addEventListener("change", (event) => {
    const sides = $(".sides", card);
    steady(() => { sides.hidden = event.target.checked; }, event.target);
    const [first] = all(".dial", sides);
    const text = $(".typed", first).value;
    if (event.target.checked) change((next) => next.set(first.dataset.set, slug, text));
  });
  $("[data-sides]", card)?.addEventListener("change", (event) => {
    const sides = event.target.value;
    change((next) => next.set("sides", slug, sides), { field: event.target });
  });
}

for (const input of all("[data-session]")) {
  input.addEventListener("change", () => {
    const text = input.value.trim();
    change((next) => next.set(input.dataset.session, "", text), { field: input });
  });
}

$("#voice").addEventListener("change", (event) => {
  const voice = event.target.value;
  change((next) => next.set("voice", "", voice), { field: event.target });
});

const fit = (text) => change((next) => next.set("length", "", text), { field: $("#length") });
$("#fit").addEventListener("click", () => { if ($("#length").value.trim()) fit($("#length").value.trim()); });
$("#length").addEventListener("keydown", (event) => { if (event.key === "Enter") $("#fit").click(); });
$("#free").addEventListener("click", () => fit("none"));

$("#saving").open = matchMedia("(min-width: 980px)").matches; // where there is room next to the cards

// -- undo, redo, links

$("#undo").addEventListener("click", () => moved("undo", "Undone."));
$("#redo").addEventListener("click", () => moved("redo", "Redone."));
$("#reset").addEventListener("click", () => reset().then(() => cards.forEach(showSides)));

async function moved(direction, done) {
  if (!(await move(direction))) return;
  cards.forEach(showSides);
  say(`${done} ${$("#total").textContent} in all.`);
}

function showSides(card) {
  const sides = $(".sides", card);
  if (!sides) return;
  const [right, left] = all(".typed", sides).map((input) => input.value);
  sides.hidden = right === left;
  $("[data-alike]", card).checked = right === left;
}

addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
  const field = event.target.matches?.("input[type=text]") && event.target.value !== event.target.defaultValue;
  if (field && event.target.matches("#variant, #file")) return;
  event.preventDefault();
  (event.shiftKey ? $("#redo") : $("#undo")).click();
});

async function copied(button, text, place) {
  const label = button.textContent;
  button.textContent = (await copy(text, place)) ? "Copied" : "Selected";
  setTimeout(() => { button.textContent = label; }, 1500);
}
$("#link").addEventListener("click", (event) => copied(event.target, location.href, $("#command")));
$("#copy").addEventListener("click", (event) => copied(event.target, $("#command").textContent, $("#command")));

document.body.dataset.busy = "";
