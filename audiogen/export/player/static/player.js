// The sound of a track, from memory: once it is loaded, nothing that happens to its server or the network stops it.

const LARGEST_BYTES = 300e6; // beyond, a phone's memory is the greater risk: played as it comes
const SAVED_MS = 5000; // between two times that a place is written down while it plays

/** Let the element play a track, once all of it is here. `progress` gets shares of 1; without a URL, the page has it. */
export async function load(audio, url, progress) {
  audio.src = url ? await fetched(url, progress) : await inPage(progress);
}

async function fetched(url, progress) {
  if (location.protocol === "file:") return url; // such a page may play a file, but not read it
  const answer = await fetch(url);
  const size = Number(answer.headers.get("content-length"));
  if (!answer.ok) throw new Error(`The answer is ${answer.status}.`);
  if (size > LARGEST_BYTES) {
    answer.body.cancel();
    return url;
  }
  const pieces = [];
  let got = 0;
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    got += value.length;
    progress(size ? got / size : 0);
  }
  return URL.createObjectURL(new Blob(pieces, { type: answer.headers.get("content-type") }));
}

/** The sound that the page itself has. What is heard again and again is in it once. It stays there: the page may be saved. */
async function inPage(progress) {
  if (!document.querySelector("#whole")) throw new Error("The end of the page is missing.");
  const blocks = [...document.querySelectorAll("script.sound")];
  const pieces = [];
  for (const [index, block] of blocks.entries()) {
    pieces.push(new Blob([decoded(block.textContent)])); // each goes where the browser keeps it, before the next is made
    progress((index + 1) / blocks.length);
    await new Promise((done) => { setTimeout(done); });
  }
  const different = new Blob(pieces);
  const order = [...document.querySelectorAll("script.order")].flatMap((block) => block.textContent.trim().split("\n"));
  const stretches = order.map((line) => different.slice(...line.split(" ").map(Number)));
  return URL.createObjectURL(new Blob(stretches, { type: "audio/mpeg" }));
}

function decoded(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** What the browser remembers under a key, or is to remember; a page in a file may be forbidden to. */
export function stored(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(key);
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch { /* then nothing is remembered */ }
  return null;
}

/** Remember where a track was left, and go there again; a finished or hardly begun one starts at its beginning. */
export class Place {
  constructor(audio, name, length_ms) {
    const key = `place ${name} ${length_ms}`;
    const found = Number(stored(key) ?? 0);
    this.at_ms = found < length_ms - 15000 ? found : 0;
    let saved = 0;
    const save = () => {
      const ms = audio.currentTime * 1000;
      if (Math.abs(ms - saved) < 1000 && !audio.ended) return;
      saved = ms;
      stored(key, audio.ended ? "" : String(Math.round(ms)));
    };
    const sometimes = () => { if (Math.abs(audio.currentTime * 1000 - saved) >= SAVED_MS) save(); };
    audio.addEventListener("timeupdate", sometimes);
    for (const name of ["seeked", "pause", "ended"]) audio.addEventListener(name, save);
    document.addEventListener("visibilitychange", save);
  }
}

/** Keep the screen on while it plays, where that is chosen and the browser can. */
export function keepingAwake(audio, box, status) {
  let lock = null;
  if (!("wakeLock" in navigator)) {
    box.disabled = true;
    status.textContent = "This browser can keep the screen on for secure addresses only. The sound continues with the screen locked.";
  }
  box.checked = !box.disabled && stored("awake") === "1";

  const keep = async () => {
    const wanted = box.checked && !audio.paused && document.visibilityState === "visible";
    try {
      if (wanted && !lock) {
        lock = await navigator.wakeLock.request("screen");
        lock.addEventListener("release", () => { lock = null; });
      } else if (!wanted && lock) {
        await lock.release();
      }
      document.body.dataset.awake = lock ? "1" : "";
    } catch {
      status.textContent = "The screen cannot be kept on. The battery may be low.";
    }
  };
  box.addEventListener("change", () => {
    stored("awake", box.checked ? "1" : "");
    keep();
  });
  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, keep);
  document.addEventListener("visibilitychange", keep);
}
