// What is happening in a session at a time: pure functions of its timeline.

export const [START, END, KIND, ROLE, TEXT, EXERCISE, SIDE, REP] = [0, 1, 2, 3, 4, 5, 6, 7];
const SHOWN_MS = 4000; // how long a line stays after it was said
const TONE_MS = 1500;
const PHASES = { settle: "get ready", switch: "switch sides", transition: "next", rest: "rest", gap: "listen", tail: "done" };
const TONES = { start: "start", end: "end bell", half: "halfway", finish: "finish", inhale: "rising tone", exhale: "falling tone", tick: "tick" };

/** The event of a sorted list that holds at a time, if any. */
function at(list, ms) {
  let [low, high] = [0, list.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (list[middle][START] > ms) high = middle - 1;
    else if (list[middle][END] <= ms) low = middle + 1;
    else return list[middle];
  }
  return null;
}

/** A function that tells the moment of a track at any of its milliseconds. */
export function moments(track) {
  const tiles = track.events.filter((event) => ["say", "tone", "wait"].includes(event[KIND]));
  const works = track.events.filter((event) => ["hold", "pace", "rep"].includes(event[KIND]));
  const heard = tiles.filter((event) => event[KIND] !== "wait");
  const starts = track.chapters.map((chapter) => chapter.start_ms);
  const reps = (work) => works.filter((one) => one[KIND] === "rep" && one[EXERCISE] === work[EXERCISE] && one[SIDE] === work[SIDE]).length;

  const caption = (ms) => {
    const last = heard.findLast((event) => event[START] <= ms);
    if (!last) return "";
    if (last[KIND] === "tone") return ms < last[END] + TONE_MS ? `[${TONES[last[ROLE]] ?? "tone"}]` : "";
    return ms < last[END] + SHOWN_MS ? last[TEXT] : "";
  };

  const between = (ms, tile) => {
    const next = works.find((other) => other[START] > ms);
    const before = works.findLast((other) => other[END] <= ms);
    return { from: before?.[END] ?? 0, to: next?.[START] ?? track.length_ms, phase: next ? PHASES[tile[ROLE]] ?? "listen" : "closing" };
  };

  return (ms) => {
    const tile = at(tiles, ms) ?? tiles.at(-1);
    const work = at(works, ms);
    const now = work
      ? { from: work[START], to: work[END], phase: work[KIND] === "hold" ? "hold" : `repetition ${work[REP]} of ${reps(work)}` }
      : between(ms, tile);
    const exercise = (work ?? tile)[EXERCISE];
    const following = works.find((one) => one[START] > ms && one[EXERCISE] !== exercise);
    return {
      ...now,
      work: Boolean(work),
      side: (work ?? tile)[SIDE],
      exercise,
      name: exercise ? track.exercises[exercise - 1] : null,
      next: following ? track.exercises[following[EXERCISE] - 1] : null,
      of: track.exercises.length,
      left_ms: Math.max(0, track.length_ms - ms),
      caption: caption(ms),
      chapter: Math.max(0, starts.findLastIndex((start) => start <= ms + 50)),
      signal: heard.findLast((event) => event[KIND] === "tone" && event[START] <= ms)?.[START] ?? -1,
    };
  };
}
