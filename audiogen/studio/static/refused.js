// What the studio refused, shown at the field that it is about.

import { all, element } from "./page.js";
import { steady } from "./steady.js";

/** Show why a value was refused, at its field; the value before stays in force. */
export function fieldProblem(field, error, remedy) {
  const place = field.closest(".dial, .control, .fit, .card") ?? field.parentElement;
  clearProblems([field]);
  const id = `problem-${Math.random().toString(36).slice(2)}`;
  const text = element("p", "", { class: "field-problem", id, role: "alert" });
  text.append(element("span", error.message), ways(error.problems ?? [], remedy));
  steady(() => place.append(text));
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-errormessage", id);
}

/** Take away what was wrong with some fields, or with all of them. */
export function clearProblems(fields = all("[aria-invalid]")) {
  for (const field of fields) {
    if (!field?.hasAttribute("aria-invalid")) continue;
    const text = document.getElementById(field.getAttribute("aria-errormessage"));
    steady(() => text?.remove());
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-errormessage");
  }
}

/** A button for each remedy. */
export function ways(problems, remedy) {
  const found = problems.flatMap((one) => one.remedies);
  const actions = element("span", "", found.length ? { class: "actions" } : {});
  for (const way of found) {
    const button = element("button", way.words, { type: "button", class: "button quiet" });
    button.addEventListener("click", () => remedy(way));
    actions.append(button);
  }
  return actions;
}
