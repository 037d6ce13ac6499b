// Show a plan: the picture, the cards, the table, and what is wrong, where it is wrong.

import { $, all, element, say } from "./page.js";
import { ways } from "./refused.js";

let shown = null; // the last plan
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
  shown = now;
  for (const place of [$("#total"), $("#bar-total")]) place.textContent = now.total;
  say(`${now.total} in all.`);
  $("#lane").innerHTML = now.lane; // drawn by the studio, without any user's text
  const notes = [...now.notices, ...now.changed.map((text) => ({ sentence: text, remedies: [] }))];
  $("#notices").replaceChildren(...notes.map((note) => {
    const item = element("li", note.sentence);
    item.append(ways([note], remedy));
    return item;
  }));
  $("#notes-count").textContent = notes.length ? String(notes.length) : "none";
  $("#reach").textContent = `Possible: ${now.reach[0]} to ${now.reach[1]}.`;
  $("#spoken-by").textContent = now.voice;
  $("#command").textContent = now.command;
  if (!held($("#length"))) $("#length").value = now.length;
  for (const one of now.exercises) showCard(one);
  for (const dial of all(".dial")) showDial(dial, now.values, keep);
  for (const input of all("[data-session]")) showControl(input, now.values);
  for (const select of all("[data-sides]")) {
    const value = now.values[`sides|${select.closest(".card").dataset.slug}`]?.text;
    if (value) select.value = value;
  }
  const voice = settings.values.get("voice|") ?? "";
  if ([...$("#voice").options].some((option) => option.value === voice)) $("#voice").value = voice;
  showRows();
}

/** Whether a field keeps its text: somebody is typing, or has to mend it. */
const held = (input) => typing(input) || input.hasAttribute("aria-invalid");

function showCard(one) {
  const card = $(`.card[data-slug="${CSS.escape(one.slug)}"]`);
  card.classList.toggle("skipped", one.skip);
  for (const name of [...card.classList]) if (/^x\d$/.test(name)) card.classList.remove(name);
  if (one.number) card.classList.add(`x${(one.number - 1) % 6}`);
  $(".badge", card).textContent = one.number ?? "–";
  $("[data-dose]", card).textContent = one.dose || "left out";
  $("[data-lane]", card).innerHTML = one.lane;
  $("[data-changes]", card).textContent = one.changes.join("; ");
  $("[data-do]", card).checked = !one.skip;
  const lines = $("[data-lines]", card);
  const language = $("h2", card).lang;
  if (lines.dataset.said !== JSON.stringify(one.lines)) {
    lines.dataset.said = JSON.stringify(one.lines);
    lines.replaceChildren(...one.lines.map(([at, text]) => {
      const item = element("li");
      const button = element("button", "", { type: "button", class: "play", "data-line": text, "aria-label": `Listen: ${text}` });
      item.append(button, element("span", text, { lang: language }), element("time", at));
      return item;
    }));
  }
}

function showDial(dial, values, keep) {
  const value = values[`${dial.dataset.set}|${dial.dataset.target}`];
  if (!value) return;
  const slider = $("input[type=range]", dial);
  const typed = $(".typed", dial);
  if (slider !== keep) slide(slider, value.number);
  slider.setAttribute("aria-valuetext", value.text);
  if (!held(typed)) typed.value = value.text;
}

/** Move a slider to a number, beyond its ends too. */
export function slide(slider, number) {
  if (number > Number(slider.max)) slider.max = number;
  if (number < Number(slider.min)) slider.min = number;
  slider.value = number;
}

function showControl(input, values) {
  const value = values[`${input.dataset.session}|`]?.text;
  if (value === undefined || (input.type === "text" && held(input))) return;
  if (input.tagName !== "SELECT" || [...input.options].some((option) => option.value === value)) input.value = value;
}

const table = $(".table details");
table.addEventListener("toggle", showRows);

function showRows() {
  if (shown && table.open) $("#rows").replaceChildren(...shown.rows.map(row));
}

function row([at, length, what, heading]) {
  const made = element("tr", "", heading ? { class: "part-exercise" } : {});
  made.append(element("td", at), element("td", length), element("td", what));
  return made;
}
