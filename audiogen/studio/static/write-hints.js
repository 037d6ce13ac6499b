// What a coach would say otherwise, and what the importer guessed, each beside the line that it is about.

import { $, all, element } from "./page.js";
import { button } from "./write-field.js";
import { confirmed, guesses } from "./write-guess.js";
import { ways } from "./refused.js";
import { mend, state, take, watch } from "./write-state.js";

/** The element that shows a line of the text: its row, else its card, else the session's. */
function placeOf(line) {
  const card = all(".card[data-kind]").filter((one) => one.item.line <= line && line <= one.item.last_line).at(-1);
  card?.ready();
  const rows = all("[data-line]", card ? card.body : $("#session-fields")).filter((row) => row.closest(".card[data-kind]") === (card ?? null));
  const row = rows.filter((one) => one.dataset.line && Number(one.dataset.line) <= line).sort((one, other) => one.dataset.line - other.dataset.line).at(-1);
  return row && line - row.dataset.line < 3 && (card || $(".session").open) ? row : card?.hints ?? $("#session-hints");
}

watch((plan) => {
  for (const one of all(".hint")) one.remove();
  for (const one of all(".flag.hinted")) one.remove();
  const misfits = plan.readable && !plan.ok ? plan.problems : [];
  for (const one of [...misfits, ...plan.notices]) {
    const place = one.line ? placeOf(one.line) : $("#session-hints");
    if (place.matches(".cue.unfit")) continue;
    const note = element("p", one.sentence, { class: `hint${misfits.includes(one) ? " wrong" : ""}` });
    note.append(ways([one], mend));
    place.append(note);
  }
  for (const hint of plan.hints) placeOf(hint.line).append(element("p", hint.sentence, { class: "hint" }));
  for (const { line, words } of guesses(plan.text)) {
    const note = element("p", `Guessed by the importer: ${words}. `, { class: "hint guess" });
    note.append(button("Confirm", () => take(confirmed(state.text, line)), { css: "button quiet", label: `Confirm: ${words}` }));
    const place = placeOf(line);
    (place.matches(".hints") && place.closest(".card-body")?.firstChild || place).append(note);
  }
  for (const card of all(".card[data-kind]")) {
    const [open, found] = [all(".guess", card.body).length, all(".hint:not(.guess)", card.body).length];
    const flag = (text, css) => $(".card-notes", card).append(element("span", text, { class: `flag hinted ${css}` }));
    if (open) flag(`${open} to confirm`, "warn");
    if (found) flag(`${found} hint${found > 1 ? "s" : ""}`, "");
  }
});
