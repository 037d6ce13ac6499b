// The player: the mat view with the rest of the hold in large digits, the chapters, the lock screen.

import { $, all, clock, say } from "./basics.js";
import { moments } from "./moment.js";
import { keepingAwake, load, Place, stored } from "./player.js";

const track = JSON.parse($("#track").textContent);
const audio = $("#audio");
const seek = $("#seek");
audio.controls = false;

const momentAt = moments(track);
const starts = track.chapters.map((chapter) => chapter.start_ms);
const place = new Place(audio, track.name, track.length_ms);
const DIGIT_EM = 0.72; // height of a digit
const SECOND_MS = 1000;
const TOTAL_MS = SECOND_MS * Math.round(track.length_ms / SECOND_MS);
const still = matchMedia("(prefers-reduced-motion: reduce)");
let shown = {}; // the last moment

/** Show a text; whether it is another. */
const text = (selector, value) => {
  const element = $(selector);
  const other = element.textContent !== value;
  if (other) element.textContent = value;
  return other;
};

function show() {
  const ms = audio.currentTime * 1000;
  const now = momentAt(ms);
  const idle = audio.paused && ms === 0;
  const at_ms = SECOND_MS * Math.floor(ms / SECOND_MS);
  if (text("#at", clock(ms)) || now.chapter !== shown.chapter) {
    seek.setAttribute("aria-valuetext", `${clock(ms)}, ${track.chapters[now.chapter].title}`);
    if (!seek.matches(":active")) seek.value = ms;
  }

  const state = now.work ? "work" : idle ? "idle" : "between";
  for (const one of [$(".ring"), $(".player")]) if (one.dataset.state !== state) one.dataset.state = state;
  const length_ms = now.to - now.from;
  const share = idle ? 1 : Math.min(1, upTo(now.to - ms, step_ms(length_ms)) / length_ms);
  turn("#ring", 1.01 * (1 - share));
  turn("#here", 1 - Math.min(1, Math.floor((60 * ms) / track.length_ms) / 60));
  const left = upTo(now.to - ms, SECOND_MS) / SECOND_MS;
  digits(idle ? clock(TOTAL_MS) : now.work && left < 100 ? String(left) : clock(left * SECOND_MS));
  text("#phase", idle ? "ready" : now.phase);
  text("#where", now.name ? `${now.name}${now.side ? `, ${now.side}` : ""}` : track.chapters[now.chapter].title);
  text("#following", now.next ? `Next: ${now.next}` : "\u00a0");
  text("#session", `${now.exercise ? `${now.exercise} of ${now.of} · ` : ""}${clock(audio.ended ? 0 : TOTAL_MS - at_ms)} left`);
  text("#cue", now.caption || "\u00a0");
  if (now.chapter !== shown.chapter) chapterShown(now.chapter);
  if (now.signal >= 0 && now.signal !== shown.signal && !audio.paused) signal();
  shown = now;
}

const upTo = (ms, step) => step * Math.max(0, Math.ceil(ms / step));

/** How often the ring of a phase moves, always together with its digits: each picture costs as much as the sound does. */
const step_ms = (length_ms) => (still.matches || length_ms >= 20_000 ? SECOND_MS : length_ms >= 8000 ? SECOND_MS / 2 : SECOND_MS / 4);

function turn(selector, offset) {
  const { style } = $(selector);
  const value = offset.toFixed(4);
  if (style.strokeDashoffset !== value) style.strokeDashoffset = value;
}

function digits(value) {
  const fits = $("#left").textContent.length === value.length;
  text("#left", value);
  if (!fits) fit();
}

/** In the mat view, seconds stand within the ring, and a clock is as wide as its space. */
function fit() {
  const left = $("#left");
  left.style.fontSize = "";
  if (!document.body.classList.contains("mat")) return;
  left.style.fontSize = "100px";
  const range = document.createRange();
  range.selectNodeContents(left);
  const { clientWidth, clientHeight } = $(".ring");
  const widest = (94 * clientWidth) / range.getBoundingClientRect().width;
  const highest = (left.textContent.length < 3 ? 0.42 * Math.min(innerWidth, innerHeight) : 0.7 * clientHeight) / DIGIT_EM;
  left.style.fontSize = `${Math.floor(Math.min(widest, highest))}px`;
}
addEventListener("resize", fit);

function chapterShown(chapter) {
  for (const [index, button] of all(".chapters button").entries()) {
    if (index === chapter) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  session(chapter);
}

// -- moving about

function go(ms, { play = !audio.paused } = {}) {
  audio.currentTime = Math.min(Math.max(0, ms), track.length_ms - 1) / 1000;
  if (play) start();
  tick();
}

function next() {
  const chapter = momentAt(audio.currentTime * 1000).chapter + 1;
  if (chapter < starts.length) go(starts[chapter]);
}

function previous() {
  const ms = audio.currentTime * 1000;
  const { chapter } = momentAt(ms);
  go(ms - starts[chapter] > 3000 ? starts[chapter] : starts[Math.max(0, chapter - 1)]);
}

const back = () => go(audio.currentTime * 1000 - 15000);
const on = () => go(audio.currentTime * 1000 + 15000);
const toggle = () => (audio.paused ? start() : audio.pause());

async function start() {
  try {
    await loaded;
    await audio.play();
  } catch (error) {
    if (error.name !== "AbortError") say("The browser blocked playback. Press Play.");
  }
}

for (const [id, act] of [["#play", toggle], ["#next", next], ["#previous", previous], ["#back", back], ["#on", on]]) {
  $(id).addEventListener("click", act);
}
seek.addEventListener("input", () => go(Number(seek.value)));
for (const button of all(".chapters button")) {
  button.addEventListener("click", () => go(Number(button.dataset.start), { play: true }));
}
const KEYS = { " ": toggle, k: toggle, ArrowLeft: back, ArrowRight: on, n: next, p: previous, f: () => mat(!document.body.classList.contains("mat")), Escape: () => mat(false) };
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  if (event.target.matches("input[type=text]") || (event.target === seek && event.key.startsWith("Arrow"))) return;
  if (event.key === " " && event.target.matches("a, button, input, summary")) return; // it does what it is
  event.preventDefault();
  KEYS[event.key]();
});

for (const name of ["play", "pause", "ended"]) {
  audio.addEventListener(name, () => {
    document.body.classList.toggle("is-playing", !audio.paused);
    $("#play").setAttribute("aria-label", audio.paused ? "Play" : "Pause");
    if ("mediaSession" in navigator) navigator.mediaSession.playbackState = audio.paused ? "paused" : "playing";
    tick();
  });
}
audio.addEventListener("play", () => {
  for (const after of all("#after")) after.hidden = true;
  if (matchMedia("(pointer: coarse)").matches) mat(true);
});
audio.addEventListener("ended", () => {
  mat(false);
  for (const after of all("#after")) {
    after.hidden = false;
    after.scrollIntoView({ block: "nearest" });
  }
});
for (const again of all("#again")) again.addEventListener("click", () => go(0, { play: true }));
audio.addEventListener("timeupdate", () => { if (document.hidden) show(); }); // for the lock screen
for (const name of ["seeked", "playing", "ratechange"]) audio.addEventListener(name, tick);
document.addEventListener("visibilitychange", tick);
audio.addEventListener("ratechange", () => {
  $("#speed-status").textContent = audio.playbackRate === 1 ? "" : `The speed is ${audio.playbackRate}×: holds no longer have their planned length.`;
});

const SOONEST_MS = 20; // where the sound is not there yet
let drawing = 0;

/** Show what is, and again when something of it changes: the digits, the clock, the ring, the words. */
function tick() {
  clearTimeout(drawing);
  show();
  if (audio.paused || document.hidden) return;
  const ms = audio.currentTime * 1000;
  const changes = [shown.until - ms, SECOND_MS - (ms % SECOND_MS), (shown.to - ms) % step_ms(shown.to - shown.from)];
  drawing = setTimeout(tick, Math.max(SOONEST_MS, Math.min(...changes.filter((wait) => wait > 0)) / audio.playbackRate + 2));
}

// -- the mat view, flash and vibration

function mat(wanted) {
  document.body.classList.toggle("mat", wanted);
  $("#mat").textContent = wanted ? "All controls" : "Mat view";
  show();
  fit();
}
$("#mat").addEventListener("click", () => mat(!document.body.classList.contains("mat")));

const signals = $("#signals");
signals.checked = stored("signals") === "1";
signals.addEventListener("change", () => stored("signals", signals.checked ? "1" : ""));

function signal() {
  if (!signals.checked) return;
  navigator.vibrate?.(200);
  document.body.classList.add("flash");
  setTimeout(() => document.body.classList.remove("flash"), 180);
}

// -- the lock screen

function session(chapter) {
  if (!("mediaSession" in navigator)) return;
  const artwork = track.cover ? [{ src: track.cover, type: "image/jpeg", sizes: "1400x1400" }] : [];
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
  play: start, pause: () => audio.pause(), previoustrack: previous, nexttrack: next, seekbackward: back, seekforward: on,
  seekto: ({ seekTime }) => go(seekTime * 1000),
};
if ("mediaSession" in navigator) {
  for (const [name, action] of Object.entries(actions)) {
    try {
      navigator.mediaSession.setActionHandler(name, action);
    } catch { /* this browser has no such button */ }
  }
}

keepingAwake(audio, $("#awake"), $("#awake-status"));

// -- the sound

const status = $("#load-status");
async function loading() {
  try {
    await load(audio, track.sound, (share) => { status.textContent = `Loading… ${Math.round(100 * share)}%`; });
    status.textContent = "";
    if (place.at_ms && !audio.currentTime) { // nobody has gone to another place meanwhile
      audio.currentTime = place.at_ms / 1000;
      status.textContent = `Continues at ${clock(place.at_ms)}.`;
    }
    $("#retry").hidden = true;
    document.body.dataset.ready = "1";
  } catch (error) {
    failed();
    throw error;
  }
}

function failed() {
  status.textContent = status.dataset.missing;
  $("#retry").hidden = false;
}
audio.addEventListener("error", failed);
let loaded = loading();
loaded.catch(() => {});
$("#retry").addEventListener("click", () => {
  loaded = loading();
  loaded.catch(() => {});
});
show();
