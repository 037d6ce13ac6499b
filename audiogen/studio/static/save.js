// Save the session as a variant, or make its track.

import { $, base, element, say } from "./page.js";
import { confirmed, query, remedy, replan } from "./plan.js";
import { write } from "./question.js";
import { problem } from "./show.js";
import { recall, watch } from "./job.js";

const routine = document.body.dataset.routine;

$("#save").addEventListener("submit", async (event) => {
  event.preventDefault();
  const status = $("#saved");
  try {
    await confirmed();
    const body = { routine, query: query(), name: $("#variant").value.trim() };
    const answer = await write("save", body);
    if (!answer) {
      status.textContent = "Nothing was saved.";
      return;
    }
    status.textContent = `Saved as ${answer.saved}. `;
    status.append(element("a", "Open it", { href: `${base}/${answer.url}` }));
  } catch (error) {
    status.textContent = error.message;
  }
});

async function render(file) {
  try {
    await confirmed();
    const job = await write("render", { routine, query: query(), file });
    if (job) await follow(job);
    else say("Nothing was made.");
  } catch (error) {
    problem(error.message, error.problems);
  }
}

async function follow(job) {
  if ((await watch(job, render, remedy)) === "done") await replan(); // now the length of its speech is known
}

$("#render").addEventListener("submit", (event) => {
  event.preventDefault();
  render($("#file").value.trim() || `${routine}.mp3`);
});

recall(routine).then((job) => job && follow(job)).catch(() => {}); // it continues, whatever page is open
