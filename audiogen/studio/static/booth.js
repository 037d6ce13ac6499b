// The record booth: one line at a time; a take is saved when it ends, and an earlier file is asked about.

import { $, base, say } from "./page.js";
import { isPossible, microphone, wav } from "./microphone.js";
import { sendOver } from "./send.js";

const CLIPS = 0.985;
const SILENT = 0.003; // −50 dBFS: nobody has spoken
const routine = document.body.dataset.routine;
const lines = JSON.parse(document.body.dataset.lines);
const takes = new Map(); // of this visit, by line
const sound = new Audio();
let at = Math.max(0, lines.findIndex((line) => !line.there));
let booth = null; // the microphone, once it is on
let recording = false;
let loudest = 0;

function show(status = "") {
  const line = lines[at];
  const there = lines.filter((one) => one.there).length;
  $("#line").textContent = line.text;
  $("#count").textContent = `Line ${at + 1} of ${lines.length}`;
  $("#recorded").textContent = `${there} recorded`;
  $("#record").disabled = !booth;
  $("#record").textContent = recording ? "Stop" : line.there ? "Record again" : "Record";
  $("#record").setAttribute("aria-pressed", String(recording));
  $("#listen").disabled = recording || !line.there;
  $("#listen").textContent = sound.paused ? "Listen" : "Stop listening";
  $("#previous").disabled = recording || at === 0;
  $("#next").disabled = recording || at === lines.length - 1;
  $("#done").hidden = there < lines.length;
  $("#state").textContent = status || (line.there ? "This line is recorded." : "");
}

function problem(text) {
  $("#problem").textContent = text;
}

function go(step) {
  if (recording || !lines[at + step]) return;
  quiet();
  at += step;
  problem("");
  loud(0);
  show();
  say(lines[at].text);
}

// -- the microphone

if (!isPossible()) {
  $("#microphone").disabled = true;
  problem("Browsers let a page use the microphone only on the computer itself. Open this page there, or upload files under Sounds.");
}

$("#microphone").addEventListener("click", async () => {
  $("#microphone").disabled = true;
  problem("");
  try {
    booth = await microphone(heard);
    booth.onlost(() => { booth = null; recording = false; on(false); problem("The microphone is gone. Turn it on again."); show(); });
    on(true);
    show("Speak a little to see the level, then record.");
    $("#record").focus();
  } catch (error) {
    const denied = error.name === "NotAllowedError";
    problem(denied ? "The browser does not let this page use the microphone. Allow it in the settings of this page." : "There is no microphone that can be used.");
  }
  $("#microphone").disabled = false;
});

function on(is) {
  $("#off").hidden = is;
  $("#level").hidden = !is;
}

/** Show how loud it is; `peak` is of a twentieth of a second. */
function heard(peak) {
  $("#meter").value = Math.max(-60, 20 * Math.log10(peak || 1e-6));
  if (recording) loud(Math.max(loudest, peak));
}

function loud(peak) {
  loudest = peak;
  const clips = peak >= CLIPS;
  if ($("#loud").classList.contains("clips") === clips) return;
  $("#loud").classList.toggle("clips", clips);
  $("#loud").textContent = clips ? "Too loud: speak softer, or from further away." : "";
}

// -- takes

async function record() {
  if (!booth) return;
  if (!recording) {
    quiet();
    problem("");
    loud(0);
    booth.begin();
    recording = true;
    show("Recording…");
    return;
  }
  recording = false;
  show("Saving…");
  const samples = await booth.end();
  if (loudest < SILENT) {
    show();
    problem("Nothing was heard, so nothing was saved. Is the microphone muted?");
    return;
  }
  await save(lines[at], wav(samples));
}

async function save(line, file) {
  const query = { name: "take.wav", folder: routine, stem: line.stem, ...(takes.has(line.stem) ? { replace: "yes" } : {}) };
  try {
    const answer = await sendOver("upload/recording", query, file);
    if (answer.error) throw new Error(answer.error);
    if (answer.exists) return show("Not saved: the earlier recording stays.");
    takes.set(line.stem, file);
    line.there = true;
    show(loudest >= CLIPS ? "Saved, but it was too loud in places." : "Saved.");
  } catch (error) {
    show("Not saved.");
    problem(error instanceof TypeError ? "The studio does not answer. Is it still running?" : error.message);
  }
}

function quiet() {
  sound.pause();
}

function listen() {
  if (recording || !lines[at].there) return;
  if (!sound.paused) {
    quiet();
    return;
  }
  const { stem } = lines[at];
  const take = takes.get(stem);
  URL.revokeObjectURL(sound.src);
  sound.src = take ? URL.createObjectURL(take) : `${base}/booth/${encodeURIComponent(routine)}/${encodeURIComponent(stem)}`;
  sound.play().catch((error) => { if (error.name !== "AbortError") problem("The recording cannot be played."); });
}
for (const name of ["play", "pause", "ended"]) sound.addEventListener(name, () => show($("#state").textContent));

const ACTS = { r: record, l: listen, n: () => go(1), p: () => go(-1) };
for (const [id, key] of [["#record", "r"], ["#listen", "l"], ["#next", "n"], ["#previous", "p"]]) $(id).addEventListener("click", ACTS[key]);
addEventListener("keydown", (event) => {
  const act = ACTS[event.key.toLowerCase()];
  if (act && !$("dialog[open]") && !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat) act();
});

show();
