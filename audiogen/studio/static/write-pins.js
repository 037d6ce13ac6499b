// Cues as pins upon the work of their exercise, dragged along it with a pointer or with the arrow keys.

import { clock, element, say } from "./page.js";
import { sync } from "./write-field.js";
import { edit, probe, told } from "./write-state.js";

const DRAG_PX = 5; // less is a tap
const STEP_MS = 500;
const PROBE_MS = 120;
const COARSE_MS = 90_000; // of work; from here on pins move by whole seconds
const KEYS_MS = 400; // after the last key, a pin's new place is written

/** A pin's place as its cue was written: after another cue, in percent of the work, from its end, or from its start. */
function written({ ms, at, key, least }, workMs) {
  if (key === "after") return `${(ms - least) / 1000}s`;
  if (/%\s*$/.test(at)) return `${Math.min(99, Math.round((100 * ms) / workMs))}%`;
  if (/^\s*-/.test(at) && ms < workMs) return `-${(workMs - ms) / 1000}s`;
  return `${ms / 1000}s`;
}

/** The track of an exercise's cues; `path()` is that of the list, `named()` the exercise's name, `rowOf` a cue's row. */
export function track(path, named, rowOf) {
  const box = element("div", "", { class: "track" });
  const work = element("div", "", { class: "track-work" });
  const pins = element("div", "", { class: "pins" });
  const scale = element("div", "", { class: "track-scale", "aria-hidden": "true" });
  box.append(work, pins, scale);
  let workMs = null;
  let shown = null; // the exercise

  const rounded = (ms) => Math.round(ms / 10) / 100;
  const spoken = (pin) => `${rounded(pin.ms)} seconds of ${workMs / 1000}${pin.fits === false ? ", does not fit" : ""}`;

  function place(pin, ms) {
    pin.ms = Math.min(pin.most, Math.max(pin.least, ms));
    pin.style.insetInlineStart = `${(100 * pin.ms) / workMs}%`;
    pin.setAttribute("aria-valuenow", String(pin.ms / 1000));
    pin.setAttribute("aria-valuetext", spoken(pin));
    pin.lastChild.textContent = `${rounded(pin.ms)} s`;
    const row = pin.moving && rowOf(index(pin));
    if (row) row.at.value = written(pin, workMs);
  }

  function fit(pin, fits) {
    pin.fits = fits;
    pin.classList.toggle("unfit", fits === false);
    rowOf(index(pin))?.fit(fits);
  }

  const index = (pin) => [...pins.children].indexOf(pin);
  const moves = (pin) => [{ set: [...path(), index(pin), pin.key], value: written(pin, workMs) }];

  function commit(pin) {
    pin.moving = false;
    edit(() => moves(pin), { field: rowOf(index(pin))?.at, refused: (error) => back(pin, error), shown: () => { told(""); say(`${spoken(pin)}.`); } });
  }

  /** Put a pin back that cannot be where it was dropped. */
  function back(pin, error) {
    if (!shown || !pin.isConnected) return;
    const row = rowOf(index(pin));
    if (row) row.at.value = row.at.dataset.shown;
    sync(pins, shown.cues, make);
    told(`${error.message}\nThe cue is back at ${rounded(pin.ms)} s.`);
  }

  /** A pin follows a finger that moves along the work; one that scrolls the page moves nothing. */
  function drags(pin) {
    let from = null;
    let asked = 0;
    pin.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      from = { x: event.clientX, ms: pin.ms };
      pin.setPointerCapture(event.pointerId);
    });
    pin.addEventListener("pointermove", (event) => {
      const by = from && event.clientX - from.x;
      if (!from || (!pin.moving && Math.abs(by) < DRAG_PX)) return;
      pin.moving = true;
      pin.classList.add("held");
      const step = workMs >= COARSE_MS ? 1000 : STEP_MS;
      place(pin, pin.least + Math.round((from.ms - pin.least + (by / work.clientWidth) * workMs) / step) * step);
      if (Date.now() - asked < PROBE_MS) return;
      asked = Date.now();
      probe(moves(pin)).then((plan) => plan && pin.moving && foretold(plan));
    });
    const end = (keep) => () => {
      if (!from) return;
      if (!keep && pin.moving) place(pin, from.ms);
      from = null;
      pin.classList.remove("held");
      if (pin.moving) commit(pin);
    };
    pin.addEventListener("pointerup", end(true));
    pin.addEventListener("pointercancel", end(false));
  }

  function keys(pin) {
    let waiting = 0;
    const done = () => {
      if (waiting) commit(pin);
      clearTimeout(waiting);
      waiting = 0;
    };
    pin.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 5000 : 1000;
      const to = { ArrowRight: pin.ms + step, ArrowUp: pin.ms + step, ArrowLeft: pin.ms - step, ArrowDown: pin.ms - step, Home: 0, End: pin.most }[event.key];
      if (to === undefined || event.altKey) return;
      event.preventDefault();
      pin.moving = true;
      place(pin, to);
      clearTimeout(waiting);
      waiting = setTimeout(done, KEYS_MS);
    });
    pin.addEventListener("blur", done);
  }

  /** Show which cues would fit, while one is dragged. */
  function foretold(plan) {
    const [first, ...rest] = path().slice(1, -1);
    const item = rest.reduce((found, step) => (typeof step === "number" ? found?.items?.[step] : found), plan.items?.[first]);
    (item?.cues ?? []).forEach((cue, at) => pins.children[at] && fit(pins.children[at], cue.fits));
  }

  function make() {
    const pin = element("div", "", { class: "pin", role: "slider", tabindex: 0, "aria-valuemin": 0 });
    pin.append(element("span", "", { class: "pin-head", "aria-hidden": "true" }), element("span", "", { class: "pin-time", "aria-hidden": "true" }));
    drags(pin);
    keys(pin);
    pin.show = (cue) => {
      const number = index(pin) + 1;
      const text = cue.says?.right ?? cue.says ?? cue.sound;
      pin.at = cue.at ?? "";
      pin.key = cue.key ?? "at";
      pin.least = pin.key === "after" ? Math.max(0, cue.at_ms - cue.after_ms) : 0; // where the cue before ends
      const steps = Math.max(0, Math.ceil((workMs - pin.least) / STEP_MS) - 1); // that begin before the work ends
      pin.most = Math.max(pin.least + steps * STEP_MS, cue.at_ms); // it may be written to a later place than it is moved to
      pin.hidden = cue.at_ms === null || workMs === null;
      pin.firstChild.textContent = String(number);
      pin.setAttribute("aria-label", `Time of cue ${number}, ${named()}: ${text}`);
      pin.setAttribute("aria-valuemax", String(workMs ? pin.most / 1000 : 0));
      fit(pin, cue.fits);
      if (!pin.hidden && !pin.moving) place(pin, cue.at_ms);
    };
    return pin;
  }

  return Object.assign(box, {
    /** The place where one more cue has most room behind the others. */
    free: () => {
      const taken = [...pins.children].filter((pin) => !pin.hidden).map((pin) => pin.ms);
      return Math.min(taken.length ? Math.max(...taken) + 8000 : 0, Math.max(0, (workMs ?? 30_000) - 6000));
    },
    show(item) {
      shown = item;
      workMs = item.work_ms ?? null;
      box.hidden = workMs === null || !item.cues?.length;
      scale.replaceChildren(...(workMs ? [0, workMs / 2, workMs] : []).map((ms) => element("span", clock(ms))));
      sync(pins, item.cues ?? [], make);
    },
  });
}
