// Save the session as a variant, or make its track.

import { $, ask, base, element } from "./page.js";
import { confirmed, query, replan } from "./plan.js";
import { problem } from "./show.js";
import { recall, watch } from "./job.js";

const routine = document.body.dataset.routine;

/** Ask the studio to write something; it asks back where something is there already. */
async function asked(path, body, status) {
  const answer = await ask(path, { body });
  if (!answer.exists) return answer;
  if (confirm(answer.exists)) return ask(path, { body: { ...body, replace: true } });
  status("Not replaced.");
  return null;
}

$("#save").addEventListener("submit", async (event) => {
  event.preventDefault();
  const status = $("#saved");
  try {
    await confirmed();
    const body = { routine, query: query(), name: $("#variant").value.trim() };
    const answer = await asked("save", body, (text) => { status.textContent = text; });
    if (!answer) return;
    status.textContent = `Saved as ${answer.saved}. `;
    status.append(element("a", "Open it", { href: `${base}/${answer.url}` }));
  } catch (error) {
    status.textContent = error.message;
  }
});

async function render(file) {
  try {
    await confirmed();
    const job = await asked("render", { routine, query: query(), file }, (text) => problem(text));
    if (job) await follow(job);
  } catch (error) {
    problem(error.message, error.problems);
  }
}

async function follow(job) {
  if ((await watch(job, render)) === "done") await replan(); // now the length of its speech is known
}

$("#render").addEventListener("submit", (event) => {
  event.preventDefault();
  render($("#file").value.trim() || `${routine}.mp3`);
});

recall(routine).then((job) => job && follow(job)).catch(() => {}); // it continues, whatever page is open
