// A text editor for routine files, for pages that load it as one module.

import { autocompletion, completionKeymap, startCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState, Transaction } from "@codemirror/state";
import { EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { look } from "./look.js";
import { place } from "./place.js";
import { allowed, help } from "./schema.js";

const LEAVE = "Tab indents. To leave the text, press Escape, then Tab.";
let editors = 0;

/**
 * An editor inside `parent`. `changed` gets the text after each change that somebody types, `schema` completes keys and
 * values, and `problems` have a line, a column (both from 1) and a sentence; a hint of the coach has a rule, too.
 */
export function editor(parent, { text = "", changed = () => {}, schema = null, problems = [], label = "Text of the routine" } = {}) {
  const hint = document.createElement("p");
  hint.className = "help";
  hint.id = `editor-help-${(editors += 1)}`;
  hint.textContent = LEAVE;

  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), history(), highlightActiveLine(), search(), lintGutter(), look, yaml(), indentUnit.of("  "),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": hint.id, tabindex: "0" }),
        schema ? [autocompletion({ override: [completing(schema)], icons: false }), hovering(schema)] : [],
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap, indentWithTab]),
        leaving,
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((one) => one.annotation(Transaction.remote))) changed(update.state.doc.toString());
        }),
      ],
    }),
  });
  parent.append(hint);

  const mark = (found) => view.dispatch(setDiagnostics(view.state, found.map((one) => diagnostic(view.state.doc, one)).sort((a, b) => a.from - b.from)));
  mark(problems);
  return {
    text: () => view.state.doc.toString(),
    replace: (next) => view.dispatch({ changes: difference(view.state.doc.toString(), next), annotations: Transaction.remote.of(true) }),
    mark,
    at(line) {
      const place = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines)).from;
      view.dispatch({ selection: { anchor: place }, effects: EditorView.scrollIntoView(place, { y: "center" }) });
      view.focus();
    },
    destroy() {
      view.destroy();
      hint.remove();
    },
  };
}

/** Let Tab leave the editor from Escape on, until something else is typed. */
const leaving = EditorView.domEventHandlers({
  keydown(event, view) {
    if (event.key === "Escape") view.setTabFocusMode(true);
    else if (!["Tab", "Shift", "Control", "Alt", "Meta"].includes(event.key)) view.setTabFocusMode(false);
  },
  blur: (_event, view) => { view.setTabFocusMode(false); },
});

/** The smallest change from one text to another, so that the cursor and what is folded stay. */
function difference(before, after) {
  let from = 0;
  let end = 0;
  const most = Math.min(before.length, after.length);
  while (from < most && before[from] === after[from]) from += 1;
  while (end < most - from && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}

/** A mistake as the editor underlines it: the key at its place, or all that follows in the line. */
function diagnostic(doc, { line = 1, column = 1, sentence, rule }) {
  const { from, to, text } = doc.line(Math.min(Math.max(1, line), doc.lines));
  const start = Math.min(from + Math.max(1, column) - 1, to);
  const rest = text.slice(start - from);
  const length = (/^[\w-]+(?=:)/.exec(rest) ?? [rest.replace(/\s+#.*$/, "").trimEnd()])[0].length;
  return { from: start, to: start + length, severity: rule ? "info" : "error", message: sentence };
}

const completing = (schema) => (context) => {
  const where = place(context.state.doc.toString(), context.pos);
  if (!where || (!context.explicit && !where.word)) return null;
  const options = allowed(schema, where).map((one, index) => option(one, index, where.flow));
  return options.length ? { from: context.pos - where.word.length, options, validFor: /^[\w.%-]*$/ } : null;
};

function option(one, index, flow) {
  const detail = one.key ? one.values.slice(0, 3).join(", ") : "";
  return {
    label: one.label,
    detail: detail.length < 30 ? detail : "",
    info: one.help || null,
    boost: -Math.min(99, index),
    apply: one.key ? (view, _option, from, to) => key(view, one, from, to, flow) : one.label,
  };
}

/** Write a key with what follows it, and offer its values. */
function key(view, { label, list, values }, from, to, flow) {
  const line = view.state.doc.lineAt(from);
  const follows = view.state.sliceDoc(to, line.to).trimStart().startsWith(":");
  const indent = " ".repeat(from - line.from + 2);
  const insert = follows ? label : list && !flow ? `${label}:\n${indent}- ` : `${label}: `;
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: "input.complete" });
  if (!follows && (list || values.length)) startCompletion(view);
}

const hovering = (schema) => hoverTooltip((view, position) => {
  const line = view.state.doc.lineAt(position);
  const found = /^[ -]*([\w-]+):/.exec(line.text);
  if (!found || position - line.from > found[0].length) return null;
  const at = line.from + found[0].length - 1 - found[1].length;
  const where = place(view.state.doc.toString(), at);
  const words = where && help(schema, [...where.steps, found[1]]);
  if (!words) return null;
  const create = () => {
    const dom = document.createElement("div");
    dom.className = "cm-help";
    dom.textContent = words;
    return { dom };
  };
  return { pos: at, end: at + found[1].length, above: true, create };
});
