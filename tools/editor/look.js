// How the editor looks: the page's own colours, light and dark, in a style sheet that its policy allows.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { StyleModule } from "style-mod";

// The library would write a <style> element, which the policy of the studio forbids; an adopted sheet is not markup.
const sheet = new CSSStyleSheet();
let mounted = [];
StyleModule.mount = (_root, modules) => {
  const given = [modules].flat();
  if (given.every((one) => mounted.includes(one))) return;
  mounted = [...given, ...mounted.filter((one) => !given.includes(one))];
  sheet.replaceSync(mounted.map((one) => one.getRules()).join("\n"));
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
};

const mono = 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';
const underline = (colour) => ({ backgroundImage: "none", textDecoration: `underline wavy var(${colour})`, textUnderlineOffset: "3px" });

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--sheet)", border: "1px solid var(--line)", borderRadius: "10px", overflow: "hidden", maxHeight: "75vh" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: mono, fontSize: "max(16px, 0.9375rem)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.6rem 0" },
  ".cm-content:focus-visible": { outline: "none" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--lesser)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 8%, transparent)" },
  ".cm-tooltip": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "8px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: mono, maxHeight: "16em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.35rem 0.6rem", lineHeight: "1.4" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85" },
  ".cm-tooltip.cm-completionInfo, .cm-help": { maxWidth: "22rem", padding: "0.5rem 0.7rem", whiteSpace: "normal" },
  ".cm-diagnostic": { padding: "0.5rem 0.7rem", borderLeft: "4px solid var(--bad)" },
  ".cm-diagnostic-info": { borderLeftColor: "var(--accent)" },
  ".cm-lintRange-error": underline("--bad"),
  ".cm-lintRange-info": underline("--accent"),
  ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)", borderTop: "1px solid var(--line)" },
  ".cm-panels input, .cm-panels button": { font: "inherit", backgroundImage: "none" },
  ".cm-textfield": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--quiet)" },
  ".cm-button": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--line)" },
  ".cm-panel.cm-search label": { fontSize: "inherit" },
  ".cm-searchMatch": { backgroundColor: "var(--warn-wash)", outline: "1px solid var(--warn)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--wash)", outline: "2px solid var(--accent)" },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent)" },
  { tag: tags.comment, color: "var(--lesser)", fontStyle: "italic" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--warn)" },
]);

export const look = [theme, syntaxHighlighting(colours)];
