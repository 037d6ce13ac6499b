// Play previews, one at a time, each from the button that asked for it.

import { ask, base, say } from "./page.js";

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

/** Play what the studio answers to a request, or stop it; `failed` gets a sentence and its problems. */
export async function preview(button, path, body, failed) {
  const again = playing === button;
  quiet();
  if (again) return;
  playing = button;
  button.classList.add("playing");
  button.setAttribute("aria-busy", "true");
  try {
    const found = await ask(path, { body });
    if (playing !== button) return;
    until = found.end_ms;
    voice.src = `${base}/${found.url}`;
    voice.currentTime = found.start_ms / 1000;
    await voice.play();
    document.body.dataset.preview = found.url;
    say(`Playing: ${found.speaker}`);
  } catch (error) {
    if (playing === button) quiet();
    if (error.name !== "AbortError") failed(error.message, error.problems); // a pause is not a problem
  } finally {
    button.removeAttribute("aria-busy");
  }
}
