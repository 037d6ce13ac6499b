// The settings in force and the plan that the studio makes of them: one request at a time, and what is refused is
// dropped, so that one slip costs nothing but itself.

import { $, all, ask } from "./page.js";
import { Settings, History } from "./settings.js";
import { clearProblems, fieldProblem } from "./refused.js";
import { held } from "./parts.js";
import { problem, show, table, tableIsOld } from "./show.js";

const routine = document.body.dataset.routine;
export const cards = all(".card");
const slugs = cards.map((card) => card.dataset.slug);
const ownSkipped = cards.filter((card) => card.dataset.ownSkip).map((card) => card.dataset.slug);
const skippedAtFirst = cards.filter((card) => card.classList.contains("skipped")).map((card) => card.dataset.slug);
export const history_ = new History(Settings.of(document.body.dataset.link, skippedAtFirst));
const asWritten = new Settings([], ownSkipped);
const edits = []; // that no plan has confirmed yet: { edit, field, dragging, keep }
let working = null; // the promise of `confirm` while it runs

/** The settings as they will be when all edits are confirmed. */
export function settings() {
  const made = history_.now.copy();
  for (const one of edits) one.edit(made);
  return made;
}

export const query = (of = settings()) => of.query(slugs, ownSkipped);

/** Edit the settings. `field` is the element that shows a refusal, `keep` a slider that must not move by itself. */
export function change(edit, { field = null, dragging = false, keep = null } = {}) {
  edits.push({ edit, field, dragging, keep });
  return confirmed();
}

/** Plan what is in force now, again or for the first time. */
export const replan = () => change(() => {});

export function confirmed() {
  document.body.dataset.busy = "1";
  tools();
  working ??= confirm().finally(() => {
    working = null;
    document.body.dataset.busy = "";
    tools();
  });
  return working;
}

async function confirm() {
  let alone = false;
  while (edits.length) {
    const batch = alone ? edits.slice(0, 1) : [...edits];
    const next = history_.now.copy();
    for (const one of batch) one.edit(next);
    try {
      const now = await planned(next);
      edits.splice(0, batch.length);
      if (now) accept(next, now, batch);
      alone = alone && edits.length > 0;
    } catch (error) {
      if (batch.length > 1) {
        alone = true; // to find the one that is refused
        continue;
      }
      edits.shift();
      if (batch[0].field) fieldProblem(batch[0].field, error, remedy);
      else problem(error.message, error.problems, remedy);
    }
  }
}

/** The plan of some settings; null, and said, where the file is no longer the one that this page shows. */
async function planned(next) {
  const known = table.open ? held() : [...held(), "table"];
  const now = await ask(`plan/${encodeURIComponent(routine)}?${query(next)}`, { headers: { "x-held": known.join(",") } });
  if (now.revision === document.body.dataset.revision) return now;
  $("#changed").hidden = false;
  return null;
}

function accept(next, now, batch) {
  for (const one of batch) {
    const step = history_.now.copy();
    one.edit(step);
    if (!one.dragging) history_.go(step);
  }
  address();
  clearProblems(batch.map((one) => one.field));
  if (edits.length) return; // a newer plan follows, and what the page shows is ahead of this one
  problem(now.unmet?.sentence ?? "", now.unmet ? [now.unmet] : [], remedy);
  show(now, next, batch.at(-1).keep, remedy);
}

function address() {
  const link = query(history_.now);
  history.replaceState(null, "", link ? `?${link}` : location.pathname);
}

/** What a remedy's button does. */
export function remedy({ setting, value }) {
  if (!["only", "skip", "from"].includes(setting)) {
    const control = $(`#${setting}, [data-session="${setting}"]`);
    (control?.checkVisibility() ? control : $("#content")).focus(); // since the button goes
    return change((next) => next.setFlag(setting, value));
  }
  const next = new URLSearchParams(query());
  next.set(setting, value);
  location.search = next.toString(); // the studio knows what the names stand for
  return null;
}

/** Go back or on in the history, once all edits are confirmed. */
export async function move(direction) {
  while (working) await working;
  if (!history_[direction]()) return false;
  clearProblems();
  document.activeElement?.matches(".typed") && document.activeElement.blur();
  await replan();
  return true;
}

export const reset = () => {
  clearProblems();
  return change((next) => next.become(asWritten));
};

/** Leave an exercise out or take it in; false for the last one, which stays. */
export function include(slug, included) {
  const left = settings().skipped;
  if (!included && left.size === slugs.length - 1) return false;
  change((next) => (included ? next.skipped.delete(slug) : next.skipped.add(slug)));
  return true;
}

for (const button of all("#notices [data-setting]")) button.addEventListener("click", () => remedy(button.dataset));

function tools() {
  $("#undo").disabled = !history_.before.length;
  $("#redo").disabled = !history_.after.length;
  $("#reset").disabled = settings().equals(asWritten);
}
tools();

$("#load").addEventListener("click", () => location.reload()); // the settings stand in the address
table.addEventListener("toggle", () => { if (table.open && tableIsOld()) replan(); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") replan(); });
