// A new routine: from a start, from another routine, or from a text, whose reading is shown next to it.

import { $, all, ask, base, element, say } from "./page.js";
import { send } from "./send.js";
import { GUESS, confirmed } from "./write-guess.js";

let read = null; // what the importer made of a text

/** Do something; what prevents it is shown at a place. */
async function attempt(place, act) {
  $(place).textContent = "";
  try {
    await act();
  } catch (error) {
    $(place).textContent = error.message;
  }
}

/** Keep a text as the draft of a new routine, and open it. */
async function openAs({ name, text }) {
  await ask("write/draft", { body: { name, text, base: "" } });
  location.assign(`${base}/write/${encodeURIComponent(name)}`);
}

const begun = (from) => ask("write/text", { body: { from } });
const begin = (from) => attempt("#start-problem", async () => openAs(await begun(from)));

/** Begin with a ready exercise in place of the empty one. */
const beginWith = (slug) => attempt("#start-problem", async () => {
  const { name, text: empty } = await begun("empty");
  const edits = [{ insert: ["exercises"], at: 0, value: { use: slug } }, { remove: ["exercises", 1] }];
  const { text } = await ask("write/plan", { body: { name, text: empty, edits } });
  await openAs({ name, text });
});

for (const one of all("[data-from]")) one.addEventListener("click", () => begin(one.dataset.from));
$("#ready").addEventListener("submit", (event) => {
  event.preventDefault();
  beginWith($("#ready-one").value);
});
$("#copy").addEventListener("submit", (event) => {
  event.preventDefault();
  begin($("#copy-of").value);
});

$("#choose").inert = false; // before this, a form would load the page again

// -- from a text

const reading = (answer) => attempt("#paste-problem", async () => {
  read = await answer();
  if (read.error) throw new Error(read.error);
  $("#choose").hidden = true;
  $("#review").hidden = false;
  review();
  $("#review-lead").scrollIntoView({ block: "center" });
  $("#open-it").focus({ preventScroll: true });
});

$("#paste").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("#source").value;
  if (text.trim()) reading(() => ask("write/import", { body: { text } }));
  else $("#source").focus();
});
$("#source-file").addEventListener("change", (event) => {
  const [file] = event.target.files;
  if (!file) return;
  reading(() => send("write/import-file", { name: file.name }, file));
  event.target.value = "";
});

const counted = (count, one, more = `${one}s`) => `${count} ${count === 1 ? one : more}`;

function review() {
  const lines = read.text.split("\n");
  const open = read.guesses.filter((one) => GUESS.test(lines[one.line - 1] ?? ""));
  const parts = [open.length ? `${counted(open.length, "guess", "guesses")} to confirm` : "Nothing left to confirm"];
  if (read.left_out.length) parts.push(`${counted(read.left_out.length, "line")} left out`);
  $("#review-lead").textContent = `${parts.join(", ")}.`;
  $("#confirm-all").hidden = !open.length;
  showSource(open);
  $("#result-lines").replaceChildren(...lines.slice(0, lines.at(-1) === "" ? -1 : undefined).map((text, at) => {
    const guess = open.find((one) => one.line === at + 1);
    const item = element("li", "", guess ? { class: "guessed", tabindex: -1 } : {});
    item.append(element("code", text.replace(GUESS, guess ? "" : "$&") || " "));
    if (guess) item.append(question(guess));
    return item;
  }));
}

/** The lines of the source: those that a guess is about, and those that are left out. */
function showSource(open) {
  $("#source-lines").parentElement.hidden = !read.source; // a workbook is no text
  const asked = new Map(open.map((one) => [one.source_line, one]));
  const out = new Map(read.left_out.map((one) => [one.source_line, one]));
  $("#source-lines").replaceChildren(...read.source.trimEnd().split("\n").map((text, at) => {
    const [guess, left] = [asked.get(at + 1), out.get(at + 1)];
    const item = element("li", "", { class: guess ? "guessed" : left ? "left-out" : "" });
    const [from, to] = [guess?.source_from, guess?.source_to];
    if (guess && to > from) item.append(text.slice(0, from), element("mark", text.slice(from, to)), text.slice(to));
    else item.append(text || " ");
    if (left) item.append(element("span", "left out", { class: "flag" }));
    return item;
  }));
}

function question(guess) {
  const box = element("span", "", { class: "asked" });
  const yes = element("button", "Confirm", { type: "button", class: "button quiet", "aria-label": `Confirm: ${guess.words}` });
  yes.addEventListener("click", () => {
    read.text = confirmed(read.text, guess.line);
    review();
    const next = $("#result-lines .asked button");
    (next ?? $("#open-it")).focus();
    say($("#review-lead").textContent);
  });
  box.append(element("span", `Guessed: ${guess.words}. `), yes);
  return box;
}

$("#confirm-all").addEventListener("click", () => {
  for (const one of read.guesses) read.text = confirmed(read.text, one.line);
  review();
  $("#open-it").focus();
});
$("#open-it").addEventListener("click", () => attempt("#open-problem", () => openAs(read)));
$("#back").addEventListener("click", () => {
  $("#choose").hidden = false;
  $("#review").hidden = true;
  $("#source").focus();
});
