// The parts of the plan that this page shows, by their digests: what it holds, the studio does not send again.

const MOST = 500; // digests in a request, whose headers have a limit
let parts = new Map();

export const held = () => [...parts.keys()].slice(0, MOST);
export const part = (digest) => parts.get(digest);

/** Hold what a plan lists, and nothing else. */
export function hold(plan, listed) {
  parts = new Map(listed.map((digest) => [digest, plan.parts[digest] ?? parts.get(digest)]));
}

/** Whether an element shows another part by now; it is taken to show this one from here on. */
export function differs(shown, digest) {
  const other = shown.dataset.part !== digest;
  shown.dataset.part = digest;
  return other;
}
