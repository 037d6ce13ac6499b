// The plan of the text that is being written: of what the studio makes, it sends only what this page does not hold.

import { ask } from "./page.js";
import { held, hold, part } from "./parts.js";

let drawn = []; // the visits in the picture

/** Plan a text, with edits made in it. */
export async function planned(name, text, edits = []) {
  return whole(await ask("write/plan", { body: { name, text, edits, held: held() } }), text);
}

/** A plan with its text, and with its items where they stand. */
function whole(answer, text) {
  const of = (digest) => answer.parts[digest] ?? part(digest);
  const digests = [answer.root];
  const itemsAt = (path, items) => items.map(([digest, step, line, number, inner]) => {
    const own = of(digest);
    const at = [...path, step];
    const placed = (listed) => listed.map((one) => ({ ...one, line: line + one.line }));
    digests.push(digest);
    return {
      ...own, number, line, path: at, last_line: line + own.last, key: JSON.stringify([digest, at, line, number]),
      before: placed(own.before), switch: placed(own.switch), after: placed(own.after), cues: placed(own.cues),
      items: itemsAt([...at, "exercises"], inner),
    };
  });
  const [start, end, written] = answer.text;
  const items = itemsAt(["exercises"], answer.items);
  return { ...answer, text: text.slice(0, start) + written + text.slice(end), root: of(answer.root), items, digests };
}

/** Hold what a plan has that is shown; a picture stays until there is another. */
export function keep(plan) {
  if (plan.ok) drawn = plan.visits;
  hold(plan, [...plan.digests, ...drawn]);
}
