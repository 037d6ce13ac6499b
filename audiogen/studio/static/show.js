// Show a plan: the picture, the cards, the table, and what is wrong, where it is wrong.

import { showLane, showOwnLane } from "./lane.js";
import { $, all, clock, element, say } from "./page.js";
import { differs, hold, part } from "./parts.js";
import { ways } from "./refused.js";

const cards = all(".card");
const asides = all(".aside");
const controls = all("[data-session]");
const sides = all("[data-sides]").map((select) => [select, select.closest(".card").dataset.slug]);
const dials = all(".dial").map((dial) => ({
  key: `${dial.dataset.set}|${dial.dataset.target}`,
  slider: $("input[type=range]", dial),
  typed: $(".typed", dial),
}));
const typing = (input) => document.activeElement === input;

// -- what is wrong

/** Show a problem of the whole session, with a button for each of its remedies that is a setting. */
export function problem(text, problems = [], remedy = null) {
  const place = $("#problem");
  const key = JSON.stringify([text, problems]);
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.replaceChildren(...(text ? [element("span", text), ways(problems, remedy)] : []));
  $(".picture").classList.toggle("stale", text !== "");
}

// -- the plan

/** Show a plan; `keep` is a slider that somebody holds, `remedy` does what the button of a notice says. */
export function show(now, settings, keep, remedy) {
  hold(now, [...now.visits, ...now.exercises]);
  for (const place of [$("#total"), $("#bar-total")]) place.textContent = now.total;
  say(`${now.total} in all.`);
  showLane(now);
  const notes = [...now.notices, ...now.changed.map((text) => ({ sentence: text, remedies: [] }))];
  $("#notices").replaceChildren(...notes.map((note) => {
    const item = element("li", note.sentence);
    item.append(ways([note], remedy));
    return item;
  }));
  $("#notes-count").textContent = notes.length ? String(notes.length) : "none";
  $("#reach").textContent = `Possible: ${now.reach[0]}–${now.reach[1]}.`;
  $("#spoken-by").textContent = now.voice;
  $("#command").textContent = now.command;
  if (!kept($("#length"))) $("#length").value = now.length;
  now.exercises.forEach((digest, index) => showCard(cards[index], digest, now, now.times[index]));
  now.asides.forEach((one, index) => showAside(asides[index], one));
  const values = Object.assign({}, now.values, ...now.exercises.map((digest) => part(digest).values));
  for (const dial of dials) showDial(dial, values, keep);
  for (const input of controls) showControl(input, values);
  for (const [select, slug] of sides) select.value = values[`sides|${slug}`]?.text ?? select.value;
  const voice = settings.values.get("voice|") ?? "";
  if ([...$("#voice").options].some((option) => option.value === voice)) $("#voice").value = voice;
  showRows(now);
}

/** Whether a field keeps its text: somebody is typing, or has to mend it. */
const kept = (input) => typing(input) || input.hasAttribute("aria-invalid");

function showCard(card, digest, plan, times) {
  const one = part(digest);
  $("[data-do]", card).checked = !one.skip;
  card.classList.toggle("skipped", one.skip);
  showOwnLane(card, one.number, plan);
  showLines(card, one.lines, times);
  if (!differs(card, digest)) return;
  for (const name of [...card.classList]) if (/^x\d$/.test(name)) card.classList.remove(name);
  if (one.number) card.classList.add(`x${(one.number - 1) % 6}`);
  $(".badge", card).textContent = one.number ?? "–";
  $("[data-dose]", card).textContent = one.dose || "left out";
  $("[data-changes]", card).textContent = one.changes.join("; ");
}

/** Show what a passage or a group has become. */
function showAside(card, { what, lines, times }) {
  $("[data-what]", card).textContent = what;
  $("details", card).hidden = !lines.length;
  showLines(card, lines, times);
}

/** Show the lines of an exercise or a passage once they can be seen: their times change with everything before them. */
function showLines(card, texts, times) {
  const lines = $("[data-lines]", card);
  const language = $("h2", card).lang;
  const said = JSON.stringify([texts, times]);
  const draw = () => {
    if (lines.dataset.said === said) return;
    lines.dataset.said = said;
    const focused = lines.contains(document.activeElement) && document.activeElement.dataset.line;
    lines.replaceChildren(...texts.map((text, index) => {
      const item = element("li");
      const button = element("button", "", { type: "button", class: "play", "data-line": text, "aria-label": `Listen: ${text}` });
      item.append(button, element("span", text, { lang: language }), element("time", clock(times[index] * 1000)));
      return item;
    }));
    if (focused) all("button", lines).find((button) => button.dataset.line === focused)?.focus();
  };
  const around = lines.closest("details");
  around.ontoggle = () => { if (around.open) draw(); };
  around.ontoggle();
}

function showDial({ key, slider, typed }, values, keep) {
  const value = values[key];
  if (!value) return;
  if (slider !== keep && Number(slider.value) !== value.number) slide(slider, value.number);
  if (slider.getAttribute("aria-valuetext") !== value.text) slider.setAttribute("aria-valuetext", value.text);
  if (typed.value !== value.text && !kept(typed)) typed.value = value.text;
}

/** Move a slider to a number, beyond its ends too. */
export function slide(slider, number) {
  if (number > Number(slider.max)) slider.max = number;
  if (number < Number(slider.min)) slider.min = number;
  slider.value = number;
}

function showControl(input, values) {
  const value = values[`${input.dataset.session}|`]?.text;
  if (value === undefined || (input.type === "text" && kept(input))) return;
  if (input.tagName !== "SELECT" || [...input.options].some((option) => option.value === value)) input.value = value;
}

export const table = $(".table details");
let old = false;
export const tableIsOld = () => old;

function showRows({ rows }) {
  old = !rows.length;
  if (!old) $("#rows").replaceChildren(...rows.map(row));
}

function row([at, length, what, heading]) {
  const made = element("tr", "", heading ? { class: "part-exercise" } : {});
  made.append(element("td", at), element("td", length), element("td", what));
  return made;
}
