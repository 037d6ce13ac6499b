// The tabs, and the text of the routine: in an editor where it loads, else in a plain field.

import { $, all, ask, element } from "./page.js";
import { ways } from "./refused.js";
import { mend, state, take, watch } from "./write-state.js";

const TYPING_MS = 400; // without a key, before a text is planned
const plain = $("#yaml");
const place = $("#editor");
const tabs = all("[role=tab]");
let editor = null; // the one in use, once the tab was opened
let waiting = 0;

/** What is marked in the text: mistakes, and hints of the coach. */
const marks = (plan) => [...(plan?.problems ?? []), ...(plan?.hints ?? [])].filter((one) => one.line);

function changed(text) {
  clearTimeout(waiting);
  waiting = setTimeout(() => { waiting = 0; take(text); }, TYPING_MS);
}

/** The same as the editor's, for a plain field. */
const plainly = {
  text: () => plain.value,
  replace: (text) => { plain.value = text; },
  mark: () => {},
  at(line) {
    const start = plain.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    plain.focus();
    plain.setSelectionRange(start, start);
    plain.scrollTop = (line - 4) * parseFloat(getComputedStyle(plain).lineHeight);
  },
};
plain.addEventListener("input", () => changed(plain.value));

async function loaded() {
  if (editor) return editor;
  try {
    const [{ editor: make }, schema] = await Promise.all([import("./editor.js"), ask("schema.json")]);
    editor ??= make(place, { text: state.text, changed, schema, problems: marks(state.plan) });
    $(".cm-content", place).tabIndex = 0; // so that what scrolls is known to be reached by keys
  } catch {
    plain.hidden = false; // which works by itself
    editor = plainly;
  }
  return editor;
}

/** Show a tab; text that was just typed is planned first. */
export async function open(name) {
  for (const tab of tabs) {
    const chosen = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    $(`#${tab.getAttribute("aria-controls")}`).hidden = !chosen;
  }
  if (name === "text") {
    const one = await loaded();
    if (one.text() !== state.text) one.replace(state.text);
    one.mark(marks(state.plan));
  } else await typed();
}

/** Plan what was just typed. */
export async function typed() {
  if (!waiting) return;
  clearTimeout(waiting);
  waiting = 0;
  await take(editor.text());
}

/** Open the text at a line. */
export async function openText(line) {
  await open("text");
  editor.at(line);
}

for (const [index, tab] of tabs.entries()) {
  const name = tab.id.slice(4);
  tab.addEventListener("click", () => open(name));
  tab.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const other = tabs[1 - index];
    other.focus();
    open(other.id.slice(4));
  });
}

watch((plan) => {
  if (editor && editor.text() !== plan.text && !waiting) editor.replace(plan.text);
  editor?.mark(marks(plan));
  for (const list of all("[data-mistakes]")) {
    // Above the cards nothing appears while somebody works on them: what does not fit is said at its line there.
    const told = plan.ok ? plan.notices.filter((one) => one.remedies.length) : plan.problems;
    const wrong = plan.readable && list.id === "card-mistakes" ? [] : told;
    list.hidden = !wrong.length;
    $("p", list).textContent = plan.ok ? "By the estimate of its speech:" : plan.readable ? "It cannot be rendered like this yet." : "The text has mistakes. Cards show what can be read of it.";
    $("ul", list).replaceChildren(...wrong.map((one) => {
      const item = element("li", `${one.sentence} `);
      const go = element("button", `Line ${one.line}`, { type: "button", class: "text" });
      go.addEventListener("click", () => openText(one.line));
      if (one.line) item.prepend(go);
      item.append(ways([one], mend));
      return item;
    }));
  }
});
