// Drafts by themselves, saving, and what happens when the file changed on disk meanwhile.

import { $, ask, base, element, say } from "./page.js";
import { write } from "./question.js";
import { settled, state, take, told, watch } from "./write-state.js";
import { typed } from "./write-text.js";

const DRAFT_MS = 900;
const MOST_KEPT_ALIVE = 20_000; // letters that a browser still sends for a page that closes
const READ_MS = 3000; // on a phone, where there is no room for it, the status goes away after this
const status = $("#draft-status");
let draft = state.text; // the last text that the studio keeps
let known = state.opened.draft_revision; // its revision: another tab may have kept another
let saved = state.opened.draft || !state.base ? null : state.text;
let kept = state.opened.draft ? state.name : ""; // the name under which it keeps any
let keptAs = known; // the revision of that
let waiting = 0;
let conflict = null;

const body = () => ({ name: state.name, text: state.text, base: state.base, draft: known });

function later() {
  clearTimeout(waiting);
  waiting = state.text === draft ? 0 : setTimeout(() => keep(), DRAFT_MS);
  if (state.text === saved) tell("Saved");
  else tell(kept && state.text === draft ? "Draft saved" : "");
}

function tell(text) {
  if (status.textContent === text) return;
  status.textContent = text;
  status.classList.remove("read");
  clearTimeout(status.reading);
  status.reading = setTimeout(() => status.classList.add("read"), READ_MS);
}

/** Keep the text as a draft; one under an earlier name goes once there is this one. */
async function keep({ keepalive = false } = {}) {
  waiting = 0;
  if (state.text === draft) return;
  const { name, text: sent } = state;
  const question = conflict;
  try {
    const answer = await ask("write/draft", { body: body(), keepalive });
    if (question !== conflict && answer.conflict) return; // it was answered meanwhile
    if (answer.conflict) return collide(answer);
    settle(); // nothing is in its way, or not any more
    if (kept && kept !== name) ask("write/discard", { body: { name: kept, draft: keptAs } }).catch(() => {});
    draft = sent;
    known = keptAs = answer.draft;
    kept = name;
    if (state.text === sent) tell("Draft saved");
    history.replaceState(null, "", `${base}/write/${encodeURIComponent(state.name)}${location.hash}`);
  } catch (error) {
    tell("Draft not saved");
    told(error.message);
  }
}

/** Save the routine; whether it is saved now. */
async function save() {
  await typed();
  await settled();
  clearTimeout(waiting);
  try {
    const answer = await write("write/save", body());
    if (!answer) return false;
    if (answer.conflict) {
      collide(answer);
      return false;
    }
    state.name = answer.name;
    state.base = answer.revision;
    draft = saved = state.text;
    told("");
    later();
    $("#from").hidden = true;
    say(`Saved as ${answer.saved}.`);
    return true;
  } catch (error) {
    await take(state.text); // what it says may be known since speech was heard
    told(error.message, error.problems);
    return false;
  }
}

/** The file is another than the one that this text came from: ask which one holds. */
function collide(answer) {
  conflict = answer;
  $("#conflict").hidden = false;
  const { lines, more } = answer.differing;
  $("#differing ul").replaceChildren(...lines.map(([whose, number, text]) => {
    const row = element("li", "", { class: whose });
    row.append(element("span", `${whose === "mine" ? "Mine" : "Other"} ${number}`), element("code", text));
    return row;
  }));
  $("#differing p").textContent = more ? `And ${more} more.` : lines.length ? "" : "Only the ends of lines differ.";
  if ($("#conflict-text").textContent !== answer.conflict) $("#conflict-text").textContent = answer.conflict; // said once
}

function settle() {
  conflict = null;
  $("#conflict").hidden = true;
  $("#conflict-text").textContent = "";
}

/** From now on this text follows the other one. */
function taken() {
  state.base = conflict.revision;
  known = conflict.draft ?? known;
  settle();
}

$("#load-theirs").addEventListener("click", async () => {
  const { text, draft: theirs } = conflict;
  const ofDisk = theirs === undefined;
  taken();
  draft = null; // an earlier draft is not what to open next time
  saved = ofDisk ? text : null;
  await take(text);
});
$("#keep-mine").addEventListener("click", () => {
  taken();
  draft = saved = null;
  keep();
});

$("#bar").addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
$("#on").addEventListener("click", async () => {
  if (state.text === saved || (await save())) location.assign(`${base}/shape/${encodeURIComponent(state.name)}`);
});
$("#discard")?.addEventListener("click", async () => {
  clearTimeout(waiting);
  waiting = 0;
  try {
    const answer = await ask("write/discard", { body: body() });
    if (answer.conflict) collide(answer);
    else if (state.opened.base) location.reload();
    else location.assign(`${base}/`);
  } catch (error) {
    told(error.message);
  }
});

/** Another name for the file: what is on disk under the first one stays there. */
$("#file-name").addEventListener("change", async (event) => {
  const first = state.name;
  state.name = event.target.value.trim() || first;
  event.target.value = state.name;
  if (state.name === first) return;
  state.base = known = "";
  draft = saved = null;
  await keep();
});

addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && waiting) {
    clearTimeout(waiting);
    keep({ keepalive: state.text.length < MOST_KEPT_ALIVE });
  }
});
addEventListener("beforeunload", (event) => {
  const lost = conflict ? state.text !== draft : waiting && state.text.length >= MOST_KEPT_ALIVE; // by leaving now
  if (lost) event.preventDefault();
});

watch(later);
if (state.opened.conflict) collide({ ...state.opened.conflict, conflict: state.opened.conflict.sentence });
