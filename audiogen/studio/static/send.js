// Files sent to the studio.

import { base } from "./page.js";
import { question } from "./question.js";

/** Send a file; what the studio answers, in which `error` is what it refuses. */
export async function send(path, query, file) {
  const answer = await fetch(`${base}/${path}?${new URLSearchParams(query)}`, { method: "POST", body: file });
  return answer.json().catch(() => ({ error: "The studio refused the file: it is too large." }));
}

/** The same, and once more in place of an earlier file where the user wants that; else the answer `exists`. */
export async function sendOver(path, query, file) {
  const answer = await send(path, query, file);
  if (!answer.exists || !(await question(answer.exists, [["replace", answer.yes]]))) return answer;
  return send(path, { ...query, replace: "yes" }, file);
}
