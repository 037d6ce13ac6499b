// The player: the current cue, the rest of the hold, and the chapters.

import { $, all, ask, base, clock, say } from "./page.js";

const file = document.body.dataset.track;
const audio = $("#audio");
const ring = $("#ring");
const seek = $("#seek");
audio.controls = false;

const track = await ask(`track/${encodeURIComponent(file)}/timeline.json`);
const [START, END, KIND, ROLE, TEXT, EXERCISE, SIDE, REP] = [0, 1, 2, 3, 4, 5, 6, 7];
const tiles = track.events.filter((event) => ["say", "tone", "wait"].includes(event[KIND]));
const works = track.events.filter((event) => ["hold", "pace", "rep"].includes(event[KIND]));
const said = tiles.filter((event) => event[KIND] === "say");
const starts = track.chapters.map((chapter) => chapter.start_ms);
/** The event of a sorted list that holds at a time, if any. */
function at(list, ms) {
  let [low, high] = [0, list.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (list[middle][START] > ms) high = middle - 1;
    else if (list[middle][END] <= ms) low = middle + 1;
    else return list[middle];
  }
  return null;
}

const phases = { settle: "get ready", switch: "switch sides", transition: "next", rest: "rest", gap: "listen", tail: "done" };
let last = "";

function show() {
  const ms = audio.currentTime * 1000;
  const tile = at(tiles, ms) ?? tiles.at(-1);
  const work = at(works, ms);
  const chapter = chapterAt(ms);
  $("#at").textContent = clock(ms);
  seek.setAttribute("aria-valuetext", `${clock(ms)}, ${track.chapters[chapter].title}`);
  if (!seek.matches(":active")) seek.value = ms;
  showRing(ms, tile, work);
  const exercise = tile[EXERCISE];
  const side = (work ?? tile)[SIDE];
  text("#where", exercise ? `${track.exercises[exercise - 1]}${side ? `, ${side}` : ""}` : track.chapters[chapter].title);
  const cue = [...said].reverse().find((event) => event[START] <= ms && ms < event[END] + 4000);
  text("#cue", cue ? cue[TEXT] : "\u00a0");
  if (chapter !== last) {
    last = chapter;
    for (const [index, button] of all(".chapters button").entries()) {
      if (index === chapter) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    session(chapter);
  }
}

function showRing(ms, tile, work) {
  const state = work ? "work" : audio.paused && ms === 0 ? "idle" : "between";
  $(".ring").dataset.state = state;
  let [from, to, phase] = [0, track.length_ms, "ready"];
  if (work) {
    [from, to] = work;
    phase = work[KIND] === "hold" ? "hold" : `repetition ${work[REP]}`;
  } else if (state === "between") {
    const next = works.find((other) => other[START] > ms);
    const before = [...works].reverse().find((other) => other[END] <= ms);
    [from, to] = [before ? before[END] : 0, next ? next[START] : track.length_ms];
    phase = next ? phases[tile[ROLE]] ?? "listen" : "closing";
  }
  const share = state === "idle" ? 1 : Math.max(0, (to - ms) / (to - from));
  ring.style.strokeDashoffset = String(1.01 * (1 - share));
  text("#left", state === "idle" ? clock(track.length_ms) : work ? String(Math.ceil((to - ms) / 1000)) : clock(to - ms + 999));
  text("#phase", phase);
}

function text(selector, value) {
  const place = $(selector);
  if (place.textContent !== value) place.textContent = value;
}

// -- moving about

function chapterAt(ms) {
  let found = 0;
  starts.forEach((start, index) => { if (start <= ms + 50) found = index; });
  return found;
}

function go(ms, { play = !audio.paused } = {}) {
  audio.currentTime = Math.min(Math.max(0, ms), track.length_ms - 1) / 1000;
  if (play) start();
  show();
}

function next() {
  const chapter = chapterAt(audio.currentTime * 1000) + 1;
  if (chapter < starts.length) go(starts[chapter]);
}

function previous() {
  const ms = audio.currentTime * 1000;
  const chapter = chapterAt(ms);
  go(ms - starts[chapter] > 3000 ? starts[chapter] : starts[Math.max(0, chapter - 1)]);
}

const back = () => go(audio.currentTime * 1000 - 15000);

async function start() {
  try {
    await audio.play();
  } catch (error) {
    if (error.name !== "AbortError") say("The browser blocked playback. Press Play.");
  }
}

$("#play").addEventListener("click", () => (audio.paused ? start() : audio.pause()));
$("#next").addEventListener("click", next);
$("#previous").addEventListener("click", previous);
$("#back").addEventListener("click", back);
seek.addEventListener("input", () => go(Number(seek.value)));
for (const button of all(".chapters button")) {
  button.addEventListener("click", () => go(Number(button.dataset.start), { play: true }));
}
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, button, a, summary")) return;
  const keys = { " ": () => $("#play").click(), ArrowLeft: back, ArrowRight: () => go(audio.currentTime * 1000 + 15000), n: next, p: previous };
  if (!(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});

for (const name of ["play", "pause", "ended"]) {
  audio.addEventListener(name, () => {
    document.body.classList.toggle("is-playing", !audio.paused);
    $("#play").setAttribute("aria-label", audio.paused ? "Play" : "Pause");
    if ("mediaSession" in navigator) navigator.mediaSession.playbackState = audio.paused ? "paused" : "playing";
    keepAwake();
    tick();
  });
}
audio.addEventListener("timeupdate", show); // also while the page is hidden
audio.addEventListener("seeked", show);
audio.addEventListener("error", () => { $("#speed-status").textContent = "The track cannot be loaded. Is the studio still running?"; });
audio.addEventListener("ratechange", () => {
  $("#speed-status").textContent = audio.playbackRate === 1 ? "" : `The speed is ${audio.playbackRate}×: holds no longer have their planned length.`;
});

let drawing = 0;
function tick() {
  cancelAnimationFrame(drawing);
  show();
  if (!audio.paused) drawing = requestAnimationFrame(tick);
}

// -- the lock screen

function session(chapter) {
  if (!("mediaSession" in navigator)) return;
  const artwork = [{ src: `${base}/track/${encodeURIComponent(file)}/cover.jpg`, type: "image/jpeg", sizes: "1400x1400" }];
  navigator.mediaSession.metadata = new MediaMetadata({ title: track.chapters[chapter].title, artist: "audiogen", album: track.title, artwork });
  position();
}

function position() {
  if (!("mediaSession" in navigator)) return;
  const duration = track.length_ms / 1000;
  navigator.mediaSession.setPositionState?.({ duration, playbackRate: audio.playbackRate, position: Math.min(duration, audio.currentTime) });
}
audio.addEventListener("seeked", position);

const actions = {
  play: start, pause: () => audio.pause(), previoustrack: previous, nexttrack: next, seekbackward: back,
  seekforward: () => go(audio.currentTime * 1000 + 15000), seekto: ({ seekTime }) => go(seekTime * 1000),
};
if ("mediaSession" in navigator) {
  for (const [name, action] of Object.entries(actions)) {
    try {
      navigator.mediaSession.setActionHandler(name, action);
    } catch { /* this browser has no such button */ }
  }
}

// -- the screen

const awake = $("#awake");
let lock = null;
if (!("wakeLock" in navigator)) {
  awake.disabled = true;
  $("#awake-status").textContent = "This browser can keep the screen on for secure addresses only. The sound continues with the screen locked.";
}
awake.checked = !awake.disabled && localStorage.getItem("awake") === "1";

async function keepAwake() {
  const wanted = awake.checked && !audio.paused && document.visibilityState === "visible";
  try {
    if (wanted && !lock) {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => { lock = null; });
    } else if (!wanted && lock) {
      await lock.release();
    }
    document.body.dataset.awake = lock ? "1" : "";
  } catch {
    $("#awake-status").textContent = "The screen cannot be kept on. The battery may be low.";
  }
}
awake.addEventListener("change", () => {
  localStorage.setItem("awake", awake.checked ? "1" : "");
  keepAwake();
});
document.addEventListener("visibilitychange", keepAwake);

show();
document.body.dataset.ready = "1";
