// The list of tracks: rename, delete with undo, and get a routine back.

import { $, all, ask, base, say } from "./page.js";
import { refreshed } from "./refresh.js";
import "./phone.js";

async function refresh(focus, told) {
  await refreshed("#tracks", focus, told);
  await origins();
}

/** Say of each track where it comes from, one after the other: the studio reads a routine in each of them. */
async function origins() {
  for (const place of all("[data-origin]")) {
    const answer = await fetch(`${base}/track/${encodeURIComponent(place.closest(".track").dataset.file)}/origin`);
    if (!answer.ok || !place.isConnected) continue;
    place.replaceWith(new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".differs"));
  }
}

/** Do something to a track; what prevents it is shown in its place. */
async function change(place, path, body, then) {
  const status = $("[role=alert]", place);
  try {
    await then(await ask(path, { body }));
  } catch (error) {
    if (!status) return say(error.message);
    for (const more of all(".more", place)) more.open = true;
    status.textContent = error.message;
  }
}

const of = (name, selector) => `.track[data-file="${CSS.escape(name)}"] ${selector}`;

document.addEventListener("submit", (event) => {
  const form = event.target.closest(".rename");
  if (!form) return;
  event.preventDefault();
  const track = form.closest(".track");
  const body = { file: track.dataset.file, name: $("input", form).value };
  change(track, "tracks/rename", body, ({ name }) => refresh(of(name, "summary"), `Renamed to ${name}.`));
});

document.addEventListener("click", (event) => {
  const track = event.target.closest("[data-file]");
  const file = track?.dataset.file;
  if (event.target.closest("[data-delete]")) {
    change(track, "tracks/delete", { file }, (gone) => refresh(`[data-deleted="${gone.deleted}"] button`, `${gone.name} is deleted. It can be undone.`));
  }
  if (event.target.closest("[data-routine]")) {
    change(track, "tracks/routine", { file }, ({ url }) => { location.href = `${base}/${url}`; });
  }
  const undo = event.target.closest("[data-undo]");
  if (undo) {
    const place = undo.closest("[data-deleted]");
    change(place, "tracks/undo", { deleted: place.dataset.deleted }, ({ name }) => refresh(of(name, "h2 a"), `${name} is back.`));
  }
});

origins().catch(() => {}); // the studio has ended, or the page is left
