// Listen to a line or an exercise as it will sound.

import { $, ask, base, say } from "./page.js";
import { query } from "./plan.js";
import { problem } from "./show.js";

const routine = document.body.dataset.routine;
const voice = new Audio();
let playing = null; // the button whose preview is playing
let until = Infinity;

function quiet() {
  voice.pause();
  playing?.classList.remove("playing");
  playing = null;
}
voice.addEventListener("ended", quiet);
voice.addEventListener("timeupdate", () => { if (voice.currentTime * 1000 >= until) quiet(); });

async function preview(button, what) {
  const again = playing === button;
  quiet();
  if (again) return;
  playing = button;
  button.classList.add("playing");
  button.setAttribute("aria-busy", "true");
  try {
    const found = await ask("preview", { body: { routine, query: query(), ...what } });
    if (playing !== button) return;
    until = found.end_ms;
    voice.src = `${base}/${found.url}`;
    voice.currentTime = found.start_ms / 1000;
    await voice.play();
    document.body.dataset.preview = found.url;
    say(`Playing: ${found.speaker}.`);
  } catch (error) {
    if (playing === button) quiet();
    if (error.name !== "AbortError") problem(error.message); // a pause is not a problem
  } finally {
    button.removeAttribute("aria-busy");
  }
}

document.addEventListener("click", (event) => {
  const line = event.target.closest("[data-line]");
  if (line) preview(line, { line: line.dataset.line });
  const exercise = event.target.closest("[data-hear-exercise]");
  if (exercise) preview(exercise, { exercise: exercise.closest(".card").dataset.slug });
});
