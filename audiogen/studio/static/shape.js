// Shaping: every change is planned by the studio at once, and the plan is shown.

import { $, all, ask, base, copy, element, say } from "./page.js";
import { watch } from "./job.js";
import { Settings, History } from "./settings.js";

const routine = document.body.dataset.routine;
const cards = all(".card");
const slugs = cards.map((card) => card.dataset.slug);
const ownSkipped = cards.filter((card) => card.dataset.ownSkip).map((card) => card.dataset.slug);
const skippedAtFirst = cards.filter((card) => card.classList.contains("skipped")).map((card) => card.dataset.slug);
const history_ = new History(Settings.of(location.search, skippedAtFirst));
const asWritten = new Settings([], ownSkipped);
let draft = null; // while a slider is dragged: settings that are not in the history yet
let planning = false; // a plan is requested
let again = null; // the next request: during a request only the latest one waits
let shown = null; // the last plan

const settings = () => draft ?? history_.now;
const query = () => settings().query(slugs, ownSkipped);
const typing = (input) => document.activeElement === input;

// -- requesting the plan

async function plan({ keep = null } = {}) {
  tools();
  if (!draft) history.replaceState(null, "", query() ? `?${query()}` : location.pathname);
  if (planning) {
    again = { keep };
    return;
  }
  planning = true;
  const asked = query();
  try {
    shown = await ask(`plan/${encodeURIComponent(routine)}?${asked}`);
    problem(shown.unmet?.sentence ?? "", shown.unmet ? [shown.unmet] : []);
    show(shown, keep);
  } catch (error) {
    problem(error.message, error.problems);
  }
  document.body.dataset.query = asked;
  planning = false;
  if (again) {
    const next = again;
    again = null;
    await plan(next);
  }
}

function change(next, { dragging = false, keep = null } = {}) {
  if (dragging) {
    draft = next;
  } else {
    draft = null;
    history_.go(next);
  }
  return plan({ keep });
}

/** Show a problem, with a button for each of its remedies that is a setting. */
function problem(text, problems = []) {
  const place = $("#problem");
  const key = JSON.stringify([text, problems]);
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.textContent = text;
  const ways = problems.flatMap((one) => one.remedies).filter((one) => one.setting);
  if (ways.length) {
    const actions = element("p", "", { class: "actions" });
    actions.append(...ways.map(remedyButton));
    place.append(actions);
  }
  $(".picture").classList.toggle("stale", text !== "");
}

function remedyButton({ setting, value, words }) {
  const button = element("button", words[0].toUpperCase() + words.slice(1), { type: "button", class: "button quiet" });
  button.addEventListener("click", () => {
    if (["only", "skip", "from"].includes(setting)) {
      const next = new URLSearchParams(query());
      next.set(setting, value);
      location.search = next.toString(); // the studio knows what the names stand for
      return;
    }
    const next = history_.now.copy();
    next.setFlag(setting, value);
    change(next);
  });
  return button;
}

// -- showing it

function show(now, keep) {
  for (const place of [$("#total"), $("#bar-total")]) place.textContent = now.total;
  say(`${now.total} in all.`);
  $("#lane").innerHTML = now.lane; // drawn by the studio, without any user's text
  $("#notices").replaceChildren(...[...now.notices, ...now.changed].map((text) => element("li", text)));
  $("#reach").textContent = `Possible: ${now.reach[0]} to ${now.reach[1]}.`;
  $("#spoken-by").textContent = now.voice ?? "nobody";
  $("#command").textContent = now.command;
  if (!typing($("#length"))) $("#length").value = now.length;
  for (const one of now.exercises) showCard(one);
  for (const dial of all(".dial")) showDial(dial, now.values, keep);
  for (const input of all("[data-session]")) showControl(input, now.values);
  for (const select of all("[data-sides]")) {
    const value = now.values[`sides|${select.closest(".card").dataset.slug}`]?.text;
    if (value) select.value = value;
  }
  const voice = settings().values.get("voice|") ?? "";
  if ([...$("#voice").options].some((option) => option.value === voice)) $("#voice").value = voice;
  showRows();
}

function showCard(one) {
  const card = cards.find((other) => other.dataset.slug === one.slug);
  card.classList.toggle("skipped", one.skip);
  $("[data-dose]", card).textContent = one.dose || "left out";
  $("[data-lane]", card).innerHTML = one.lane;
  $("[data-changes]", card).textContent = one.changes.join("; ");
  $("[data-do]", card).checked = !one.skip;
  const lines = $("[data-lines]", card);
  const language = $("h2", card).lang;
  if (lines.dataset.said !== JSON.stringify(one.lines)) {
    lines.dataset.said = JSON.stringify(one.lines);
    lines.replaceChildren(...one.lines.map(([at, text]) => {
      const item = element("li");
      const button = element("button", "", { type: "button", class: "play", "data-line": text, "aria-label": `Listen: ${text}` });
      item.append(button, element("span", text, { lang: language }), element("time", at));
      return item;
    }));
  }
}

function showDial(dial, values, keep) {
  const value = values[`${dial.dataset.set}|${dial.dataset.target}`];
  if (!value) return;
  const slider = $("input[type=range]", dial);
  const typed = $(".typed", dial);
  if (slider !== keep) {
    if (value.number > Number(slider.max)) slider.max = value.number;
    if (value.number < Number(slider.min)) slider.min = value.number;
    slider.value = value.number;
  }
  slider.setAttribute("aria-valuetext", value.text);
  if (!typing(typed)) typed.value = value.text;
}

function showControl(input, values) {
  const value = values[`${input.dataset.session}|`]?.text;
  if (value === undefined || (typing(input) && input.type === "text")) return;
  if (input.type === "range") {
    input.value = parseFloat(value) || 1;
    input.nextElementSibling.textContent = value;
    input.setAttribute("aria-valuetext", value);
  } else if (input.tagName !== "SELECT" || [...input.options].some((option) => option.value === value)) {
    input.value = value;
  }
}

const table = $(".table details");
table.addEventListener("toggle", showRows);

function showRows() {
  if (shown && table.open) $("#rows").replaceChildren(...shown.rows.map(row));
}

function row([at, length, what, heading]) {
  const made = element("tr", "", heading ? { class: "part-exercise" } : {});
  made.append(element("td", at), element("td", length), element("td", what));
  return made;
}

function tools() {
  $("#undo").disabled = !history_.before.length;
  $("#redo").disabled = !history_.after.length;
  $("#reset").disabled = settings().equals(asWritten);
}

// -- sliders, buttons, fields

const written = { s: (number) => `${number}s`, count: (number) => String(number), x: (number) => `${number}x` };

function changed(dial, text) {
  const next = history_.now.copy();
  next.set(dial.dataset.set, dial.dataset.target, text);
  return next;
}

let pointer = false;
addEventListener("pointerdown", () => { pointer = true; });
addEventListener("pointerup", () => { pointer = false; });
addEventListener("pointercancel", () => { pointer = false; });

for (const dial of all(".dial")) {
  const slider = $("input[type=range]", dial);
  const typed = $(".typed", dial);
  const write = written[dial.dataset.unit];
  const name = slider.getAttribute("aria-label");

  const value = () => {
    // A finger is not as precise as a key: it moves in steps of five seconds.
    const coarse = pointer && dial.dataset.unit === "s" && Number(slider.max) > 60;
    return coarse ? Math.max(Number(slider.min), Math.round(slider.value / 5) * 5) : Number(slider.value);
  };
  slider.addEventListener("input", () => change(changed(dial, write(value())), { dragging: true, keep: slider }));
  slider.addEventListener("change", () => change(changed(dial, write(value())), { keep: slider }));

  for (const button of all(".step", dial)) {
    button.addEventListener("click", () => {
      const step = Number(button.dataset.by);
      const lowest = dial.dataset.unit === "s" ? Math.min(1, Number(slider.min)) : Number(slider.min);
      const next = Math.max(lowest, Math.round((Number(slider.value) + step) * 1000) / 1000);
      change(changed(dial, write(next)));
      say(`${name}: ${write(next)}`);
    });
  }
  typed.addEventListener("change", () => change(changed(dial, typed.value.trim())));
  typed.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(), typed.dispatchEvent(new Event("change")); });
}

for (const card of cards) {
  const { slug } = card.dataset;
  $("[data-do]", card).addEventListener("change", (event) => {
    const next = history_.now.copy();
    if (event.target.checked) next.skipped.delete(slug);
    else next.skipped.add(slug);
    if (next.skipped.size === slugs.length) {
      event.target.checked = true;
      problem("This is the last exercise. Leave it in.");
      return;
    }
    change(next);
  });
  $("[data-alike]", card)?.addEventListener("change", (event) => {
    const sides = $(".sides", card);
    sides.hidden = event.target.checked;
    const [first] = all(".dial", sides);
    if (event.target.checked) {
      const next = history_.now.copy();
      next.set(first.dataset.set, slug, $(".typed", first).value);
      change(next);
    }
  });
  $("[data-sides]", card)?.addEventListener("change", (event) => {
    const next = history_.now.copy();
    next.set("sides", slug, event.target.value);
    change(next);
  });
}

for (const input of all("[data-session]")) {
  const text = () => (input.type === "range" ? `${input.value}${input.dataset.session === "speed" ? "" : "x"}` : input.value.trim());
  const next = () => {
    const made = history_.now.copy();
    made.set(input.dataset.session, "", text());
    return made;
  };
  if (input.type === "range") input.addEventListener("input", () => change(next(), { dragging: true }));
  input.addEventListener("change", () => change(next()));
}

$("#voice").addEventListener("change", (event) => {
  const next = history_.now.copy();
  next.set("voice", "", event.target.value);
  change(next);
});

function fit(text) {
  const next = history_.now.copy();
  next.set("length", "", text);
  change(next);
}
$("#fit").addEventListener("click", () => { if ($("#length").value.trim()) fit($("#length").value.trim()); });
$("#length").addEventListener("keydown", (event) => { if (event.key === "Enter") $("#fit").click(); });
$("#free").addEventListener("click", () => fit("none"));

// -- undo, redo, links

$("#undo").addEventListener("click", () => step(history_.undo(), "Undone."));
$("#redo").addEventListener("click", () => step(history_.redo(), "Redone."));
$("#reset").addEventListener("click", () => change(asWritten.copy()));

function step(moved, done) {
  if (!moved) return;
  draft = null;
  document.activeElement?.classList.contains("typed") && document.activeElement.blur();
  plan().then(() => {
    for (const card of cards) showSides(card);
    say(`${done} ${$("#total").textContent} in all.`);
  });
}

function showSides(card) {
  const sides = $(".sides", card);
  if (!sides) return;
  const [right, left] = all(".typed", sides).map((input) => input.value);
  sides.hidden = right === left;
  $("[data-alike]", card).checked = right === left;
}

addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
  const field = event.target.matches?.("input[type=text]") && event.target.value !== event.target.defaultValue;
  if (field && event.target.matches("#variant, #file")) return;
  event.preventDefault();
  (event.shiftKey ? $("#redo") : $("#undo")).click();
});

async function copied(button, text, place) {
  const label = button.textContent;
  button.textContent = (await copy(text, place)) ? "Copied" : "Selected";
  setTimeout(() => { button.textContent = label; }, 1500);
}
$("#link").addEventListener("click", (event) => copied(event.target, location.href, $("#command")));
$("#copy").addEventListener("click", (event) => copied(event.target, $("#command").textContent, $("#command")));

// -- previews

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

async function preview(button, what) {
  const again = playing === button;
  quiet();
  if (again) return;
  playing = button;
  button.classList.add("playing");
  button.setAttribute("aria-busy", "true");
  try {
    const found = await ask("preview", { body: { routine, query: query(), ...what } });
    if (playing !== button) return;
    until = found.end_ms;
    voice.src = `${base}/${found.url}`;
    voice.currentTime = found.start_ms / 1000;
    await voice.play();
    document.body.dataset.preview = found.url;
    say(`Playing: ${found.speaker}.`);
  } catch (error) {
    if (playing === button) quiet();
    if (error.name !== "AbortError") problem(error.message, error.problems); // a pause is not a problem
  } finally {
    button.removeAttribute("aria-busy");
  }
}

document.addEventListener("click", (event) => {
  const line = event.target.closest("[data-line]");
  if (line) preview(line, { line: line.dataset.line });
  const exercise = event.target.closest("[data-hear-exercise]");
  if (exercise) preview(exercise, { exercise: exercise.closest(".card").dataset.slug });
});

// -- saving and rendering

$("#save").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = $("#variant").value.trim();
  const body = { routine, query: query(), name };
  const status = $("#saved");
  try {
    let answer = await ask("save", { body });
    if (answer.exists) {
      if (!confirm(answer.exists)) {
        status.textContent = "Not replaced.";
        return;
      }
      answer = await ask("save", { body: { ...body, replace: true } });
    }
    status.textContent = `Saved as ${answer.saved}. `;
    status.append(element("a", "Open it", { href: `${base}/${answer.url}` }));
  } catch (error) {
    status.textContent = error.message;
  }
});

$("#render").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const job = await ask("render", { body: { routine, query: query(), file: $("#file").value.trim() || `${routine}.mp3` } });
    watch(job).then(() => plan()); // now the length of its speech is known
  } catch (error) {
    problem(error.message, error.problems);
    $("#problem").scrollIntoView({ block: "nearest" });
  }
});

ask("jobs").then((jobs) => {
  const going = jobs.find((job) => job.routine === routine && ["waiting", "running"].includes(job.state));
  if (going) watch(going).then(() => plan()); // it continues, whatever page is open
}).catch(() => {});

tools();
document.body.dataset.query = location.search.slice(1);
