// A render in progress: polled a few times a second, shown in place, and cancelled with its button. One that the studio
// no longer knows, since it was started again meanwhile, is offered once more.

import { $, all, ask, base, element, say } from "./page.js";
import { ways } from "./refused.js";

const place = $("#job");
const OVER = ["done", "failed", "cancelled", "lost"];
const POLL_MS = 250;
const PATIENCE_MS = 2000;
let watched = null;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Follow a job until it is over; its last state. `again` makes the same track once more, `remedy` changes a setting. */
export async function watch(job, again, remedy) {
  watched = job.number;
  place.hidden = false;
  let announced = "";
  for (;;) {
    show(job, remedy);
    if (job.state !== announced) say(`${job.title}: ${job.status}`);
    announced = job.state;
    remember(OVER.includes(job.state) ? null : job);
    if (job.state === "lost") $("#job-again").onclick = () => again(job.file);
    if (OVER.includes(job.state)) return job.state;
    await pause(POLL_MS);
    if (watched !== job.number) return "left";
    job = await polled(job);
  }
}

/** The job as it is now; while the studio does not answer, as it was. */
async function polled(job) {
  try {
    return await ask(`jobs/${job.number}`);
  } catch (error) {
    if (error.problems?.some((one) => one.code === "studio.unknown-render")) {
      return { ...job, state: "lost", status: "The studio was started again before this was finished. Nothing was written." };
    }
    await pause(PATIENCE_MS);
    return { ...job, status: `${error.message} Waiting for it…` };
  }
}

// What this page waits for survives a reload, and a studio that is started again.

const key = `job ${base} ${document.body.dataset.routine}`;

function remember(job) {
  if (job) sessionStorage.setItem(key, JSON.stringify(job));
  else sessionStorage.removeItem(key);
}

/** The job of a routine that is going on, or that this page was waiting for. */
export async function recall(routine) {
  const jobs = await ask("jobs");
  const going = jobs.find((job) => job.routine === routine && ["waiting", "running"].includes(job.state));
  return going ?? JSON.parse(sessionStorage.getItem(key) ?? "null");
}

function show(job, remedy) {
  const over = OVER.includes(job.state);
  place.dataset.state = job.state;
  $("#job-title").textContent = job.title;
  $("#job-status").textContent = job.status;
  $("#job-share").value = job.share;
  $("#job-share").hidden = over;
  const mend = (way) => { close(); remedy(way); };
  $("#job-notes").replaceChildren(...job.notes.map((text) => element("li", text)));
  $("#job-ways").replaceChildren(ways(job.problems ?? [], mend));
  const focused = document.activeElement === $("#job-cancel");
  $("#job-cancel").hidden = over;
  $("#job-again").hidden = job.state !== "lost";
  $("#job-close").hidden = !over;
  const file = encodeURIComponent(job.file);
  for (const [id, path] of [["#job-play", `play/${file}`], ["#job-download", `track/${file}?download`], ["#job-phone", `play/${file}#on-phone`]]) {
    for (const link of all(id)) {
      link.hidden = job.state !== "done";
      link.href = `${base}/${path}`;
    }
  }
  if (focused && over) $("#job-play:not([hidden]), #job-again:not([hidden]), #job-close").focus(); // not torn away
}

$("#job-cancel").addEventListener("click", () => ask(`jobs/${watched}/cancel`, { body: {} }).catch((error) => { $("#job-status").textContent = error.message; }));
$("#job-close").addEventListener("click", close);

function close() {
  place.hidden = true;
  watched = null;
  $("#render button").focus();
}
