// Questions of the studio before it replaces or hides something, each answer a button of a dialog.

import { ask, element } from "./page.js";

/** The answer that is chosen, of [value, words] pairs, the first of which is the main one; "" for none of them. */
export function question(text, answers) {
  const dialog = element("dialog", "", { class: "question", "aria-labelledby": "question" });
  const form = element("form", "", { method: "dialog" });
  const buttons = [...answers, ["", "Cancel"]].map(([value, words], index) =>
    element("button", words, { value, class: index ? "button quiet" : "button" }));
  const actions = element("p", "", { class: "actions" });
  actions.append(...buttons);
  form.append(element("p", text, { id: "question" }), actions);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  buttons.at(-1).focus(); // nothing is replaced by a key pressed too soon
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

/** Ask the studio to write something; where it asks back, ask the user. Null where the answer is no. */
export async function write(path, body) {
  const answer = await ask(path, { body });
  if (!answer.exists) return answer;
  const others = answer.other ? [["other", `Keep both, as ${answer.other}`]] : [];
  const chosen = await question(answer.exists, [...others, ["replace", answer.yes]]);
  if (chosen === "replace") return ask(path, { body: { ...body, replace: true } });
  if (chosen === "other") return ask(path, { body: { ...body, file: answer.other } });
  return null;
}
