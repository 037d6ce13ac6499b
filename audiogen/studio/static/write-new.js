// A new routine: from a start, from another routine, or from a text, whose reading is shown next to it.

import { $, all, ask, base, element, say } from "./page.js";
import { GUESS, confirmed } from "./write-guess.js";

let read = null; // what the importer made of a text

/** Keep a text as the draft of a routine, and open it. */
async function openAs({ name, text, base: revision }, problem) {
  try {
    await ask("write/draft", { body: { name, text, base: revision ?? "" } });
    location.assign(`${base}/write/${encodeURIComponent(name)}`);
  } catch (error) {
    problem.textContent = error.message;
  }
}

async function begin(from) {
  const problem = $("#start-problem");
  problem.textContent = "";
  try {
    await openAs(await ask("write/text", { body: { from } }), problem);
  } catch (error) {
    problem.textContent = error.message;
  }
}
/** Begin with a ready exercise in place of the empty one. */
async function beginWith(slug) {
  const problem = $("#start-problem");
  problem.textContent = "";
  try {
    const empty = await ask("write/text", { body: { from: "empty" } });
    const edits = [{ insert: ["exercises"], at: 0, value: { use: slug } }, { remove: ["exercises", 1] }];
    const { text } = await ask("write/plan", { body: { name: empty.name, text: empty.text, edits } });
    await openAs({ ...empty, text }, problem);
  } catch (error) {
    problem.textContent = error.message;
  }
}

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

async function reading(answer) {
  const problem = $("#paste-problem");
  problem.textContent = "";
  try {
    read = await answer();
    if (read.error) throw new Error(read.error);
    $("#choose").hidden = true;
    $("#review").hidden = false;
    review();
    $("#review-lead").scrollIntoView({ block: "center" });
    $("#open-it").focus({ preventScroll: true });
  } catch (error) {
    problem.textContent = error.message;
  }
}

$("#paste").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("#source").value;
  if (text.trim()) reading(() => ask("write/import", { body: { text } }));
  else $("#source").focus();
});
$("#source-file").addEventListener("change", (event) => {
  const [file] = event.target.files;
  if (!file) return;
  reading(async () => {
    const answer = await fetch(`${base}/write/import-file?${new URLSearchParams({ name: file.name })}`, { method: "POST", body: file });
    return answer.json().catch(() => ({ error: "The studio refused the file: it is too large." }));
  });
  event.target.value = "";
});

const plural = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

function review() {
  const lines = read.text.split("\n");
  const open = read.guesses.filter((one) => GUESS.test(lines[one.line - 1] ?? ""));
  const parts = [open.length ? `${plural(open.length, "guess").replace("guesss", "guesses")} to confirm` : "Nothing left to confirm"];
  if (read.left_out.length) parts.push(`${plural(read.left_out.length, "line")} left out`);
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
$("#open-it").addEventListener("click", () => openAs({ ...read, base: "" }, $("#open-problem")));
$("#back").addEventListener("click", () => {
  $("#choose").hidden = false;
  $("#review").hidden = true;
  $("#source").focus();
});
