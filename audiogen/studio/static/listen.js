// Listen to a line or an exercise as it will sound.

import { query, remedy } from "./plan.js";
import { problem } from "./show.js";
import { preview } from "./sound.js";

const routine = document.body.dataset.routine;
const listen = (button, what) => preview(button, "preview", { routine, query: query(), ...what }, (text, problems) => problem(text, problems, remedy));

document.addEventListener("click", (event) => {
  const line = event.target.closest("[data-line]");
  if (line) listen(line, { line: line.dataset.line });
  const exercise = event.target.closest("[data-hear-exercise]");
  if (exercise) listen(exercise, { exercise: exercise.closest(".card").dataset.slug });
});
