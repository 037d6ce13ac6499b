// What an item that is added is called and says at first, in the routine's language.

import { state } from "./write-state.js";

/** The words of the routine's language, or of English where there are none. */
function words() {
  const of = state.opened.words;
  const language = (state.plan?.language ?? "en").toLowerCase();
  return of[language] ?? of[language.split(/[-_]/)[0]] ?? of.en;
}

export const newName = () => words().exercise;
export const newPassage = () => ({ passage: words().passage, say: `${words().breath} [10s]\n` });
export const newTempo = () => [{ say: words().up, for: "3s" }, { say: words().down, for: "3s" }];
export const newPhase = () => ({ say: words().hold, for: "2s" });
