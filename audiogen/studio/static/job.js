// A render in progress: polled a few times a second, shown in place, and cancelled with its button.

import { $, ask, base, element, say } from "./page.js";

const place = $("#job");
let watched = null;

export async function watch(job) {
  watched = job.number;
  place.hidden = false;
  let announced = "";
  for (;;) {
    show(job);
    if (job.state !== announced) say(`${job.title}: ${job.status}`);
    announced = job.state;
    if (["done", "failed", "cancelled"].includes(job.state)) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
    if (watched !== job.number) return;
    try {
      job = await ask(`jobs/${job.number}`);
    } catch (error) {
      $("#job-status").textContent = error.message;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

function show(job) {
  const over = ["done", "failed", "cancelled"].includes(job.state);
  place.dataset.state = job.state;
  $("#job-title").textContent = job.title;
  $("#job-status").textContent = job.status;
  $("#job-share").value = job.share;
  $("#job-share").hidden = over;
  $("#job-notes").replaceChildren(...job.notes.map((text) => element("li", text)));
  $("#job-cancel").hidden = over;
  $("#job-close").hidden = !over;
  for (const [id, path] of [["#job-play", `play/${encodeURIComponent(job.file)}`], ["#job-download", `track/${encodeURIComponent(job.file)}?download`]]) {
    $(id).hidden = job.state !== "done";
    $(id).href = `${base}/${path}`;
  }
  if (job.state === "done" && !place.contains(document.activeElement)) $("#job-play").focus({ preventScroll: true });
}

$("#job-cancel").addEventListener("click", () => ask(`jobs/${watched}/cancel`, { body: {} }).catch((error) => { $("#job-status").textContent = error.message; }));
$("#job-close").addEventListener("click", () => { place.hidden = true; watched = null; });
