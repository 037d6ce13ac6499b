// The text that is being written: the studio edits it, one request at a time; this page has the texts before and after
// it, and hands every accepted one to who shows it.

import { $, element, say } from "./page.js";
import { clearProblems, fieldProblem, ways } from "./refused.js";
import { steady } from "./steady.js";
import { keep, planned } from "./write-plan.js";

const opened = JSON.parse($("#opened").textContent);
export const state = { name: opened.name, text: opened.text, base: opened.base, plan: null, opened };
const before = [];
const after = [];
const edits = []; // that wait for their turn
const watchers = [];
let working = null;

/** Call a function with every plan, and with the edits that led to it. */
export const watch = (watcher) => watchers.push(watcher);

/** Say what is wrong with the whole, over the page, with a button for each remedy. */
export function told(text, problems = []) {
  const place = $("#problem");
  place.replaceChildren(text);
  if (!text) return;
  const close = element("button", "Close", { type: "button", class: "button quiet" });
  close.addEventListener("click", () => told(""));
  const actions = element("p", "", { class: "actions" });
  actions.append(...ways(problems, mend).children, close);
  place.append(actions);
}

/** Say what was done, with a button that undoes it. */
export function undoable(text) {
  const place = $("#done");
  const back = element("button", "Undo", { type: "button", class: "button quiet" });
  back.addEventListener("click", () => { place.hidden = true; undo(); });
  place.replaceChildren(element("span", text), back);
  place.hidden = false;
  clearTimeout(place.waiting);
  place.waiting = setTimeout(() => { place.hidden = true; }, 8000);
}

/** Carry out a remedy in the text; the studio knows what it comes to there. */
export function mend({ setting, value, words }) {
  told("");
  edit(() => [{ choose: setting, value }], { shown: () => {
    $("#undo").focus({ preventScroll: true }); // since the button goes
    undoable(`Done: ${words}.`);
  } });
}

/**
 * Edit the text. `make` returns the edits once it is their turn, since earlier ones may move their places; `field` shows
 * a refusal, unless `refused` takes it; `accepted` is called before the result is shown and `shown` after it. `still` is
 * the control that stays where it is: unless told, the one touched last; null for none.
 */
export function edit(make, { field = null, refused = null, accepted = () => {}, shown = () => {}, still } = {}) {
  edits.push({ make, field, refused, accepted, shown, still });
  return settled();
}

/** Wait until all edits are accepted or refused. */
export function settled() {
  working ??= busy(work()).finally(() => { working = null; });
  return working;
}

let doing = 0;

/** Note on the page that something is under way. */
async function busy(promise) {
  doing += 1;
  document.body.dataset.busy = "1";
  try {
    return await promise;
  } finally {
    doing -= 1;
    document.body.dataset.busy = doing ? "1" : "";
  }
}

async function work() {
  while (edits.length) {
    const one = edits.shift();
    try {
      const made = one.make();
      if (!made?.length) continue;
      const answer = await planned(state.name, state.text, made);
      const worse = newProblems(answer);
      if (worse.length) throw Object.assign(new Error(worse.map((problem) => problem.sentence).join("\n")), { problems: [] });
      if (one.field) clearProblems([one.field]);
      steady(() => {
        one.accepted();
        if (answer.text !== state.text) remember();
        show(answer, made);
      }, one.still);
      one.shown();
    } catch (error) {
      if (one.refused) one.refused(error);
      else if (one.field?.isConnected) fieldProblem(one.field, inForce(error, one.field.dataset.shown), mend);
      else told(error.message, error.problems);
    } finally {
      if (one.field) delete one.field.dataset.sent;
    }
  }
}

/** A refusal with what holds in place of what was refused. */
const inForce = (error, value) => (value ? Object.assign(new Error(`${error.message}\nStill in force: ${value.replace(/\.+$/, "")}.`), { problems: [] }) : error);

/** The mistakes of an answer that the text in force does not have; what does not fit in time is none. */
function newProblems(answer) {
  if (answer.readable) return [];
  const known = new Set(state.plan?.readable ? [] : state.plan?.problems.map((one) => one.sentence));
  return answer.problems.filter((one) => !known.has(one.sentence));
}

/** Ask what edits would lead to, without making them: while something is dragged. */
export async function probe(made) {
  try {
    return await planned(state.name, state.text, made);
  } catch {
    return null;
  }
}

function remember() {
  before.push(state.text);
  after.length = 0;
}

function show(answer, made = []) {
  state.text = answer.text;
  state.plan = answer;
  keep(answer);
  for (const watcher of watchers) watcher(answer, made);
  $("#undo").disabled = !before.length;
  $("#redo").disabled = !after.length;
}

/** Take another text whole: as typed, from the disk, from the past. It may have mistakes; returns its plan. */
export async function take(text, { forget = false } = {}) {
  while (working) await working;
  const answer = await busy(planned(state.name, text)).catch((error) => told(error.message, error.problems));
  if (!answer) return null;
  if (!forget && text !== state.text) remember();
  steady(() => show(answer));
  return answer;
}

async function moved(from, to, done) {
  while (working) await working;
  if (!from.length) return;
  to.push(state.text);
  clearProblems();
  await take(from.pop(), { forget: true });
  say(done);
}

export const undo = () => moved(before, after, "Undone.");
export const redo = () => moved(after, before, "Redone.");
