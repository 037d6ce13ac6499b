// What is happening in a session at a time: pure functions of its timeline.

const [START, END, KIND, ROLE, , EXERCISE, SIDE, REP] = [0, 1, 2, 3, 4, 5, 6, 7]; // of an event
const CAPTION = 2; // of a caption: its text
const SHOWN_MS = 4000; // how long a line stays after it was said
const AHEAD_MS = 50; // a chapter that begins this soon has begun
const FRESH_MS = 1000; // a tone that began longer ago is not signalled: its place was gone to
const PHASES = { settle: "get ready", switch: "switch sides", transition: "next", rest: "rest", gap: "listen", tail: "done" };

/** Where the last of some sorted events begins that has begun at a time; -1 before all of them. */
function begun(list, ms) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle][START] <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A function that tells the moment of a track at any of its milliseconds. */
export function moments(track) {
  const tiles = track.events.filter((event) => ["say", "tone", "wait"].includes(event[KIND]));
  const works = track.events.filter((event) => ["hold", "pace", "rep"].includes(event[KIND]));
  const tones = tiles.filter((event) => event[KIND] === "tone");
  const chapters = track.chapters.map((chapter) => [chapter.start_ms - AHEAD_MS]);
  const turn = (work) => `${work[EXERCISE]} ${work[SIDE]}`;
  const reps = new Map();
  for (const work of works) if (work[KIND] === "rep") reps.set(turn(work), (reps.get(turn(work)) ?? 0) + 1);

  const changes = [
    ...chapters,
    ...[...tiles, ...works].flatMap((event) => [[event[START]], [event[END]]]),
    ...track.captions.flatMap((line) => [[line[START]], [line[END] + SHOWN_MS]]),
  ].sort(([one], [other]) => one - other);

  const caption = (ms) => {
    const last = track.captions[begun(track.captions, ms)];
    return last && ms < last[END] + SHOWN_MS ? last[CAPTION] : "";
  };

  const signal = (ms) => {
    const last = begun(tones, ms);
    return last >= 0 && ms < tones[last][START] + FRESH_MS ? last : -1;
  };

  return (ms) => {
    const tile = tiles[Math.max(0, begun(tiles, ms))];
    const last = begun(works, ms);
    const work = last >= 0 && ms < works[last][END] ? works[last] : null;
    const next = works[last + 1];
    const exercise = (work ?? tile)[EXERCISE];
    const following = works.slice(last + 1).find((one) => one[EXERCISE] !== exercise);
    const now = work
      ? { from: work[START], to: work[END], phase: work[KIND] === "hold" ? "hold" : `repetition ${work[REP]} of ${reps.get(turn(work))}` }
      : { from: works[last]?.[END] ?? 0, to: next?.[START] ?? track.length_ms, phase: next ? PHASES[tile[ROLE]] ?? "listen" : "closing" };
    return {
      ...now,
      work: Boolean(work),
      side: (work ?? tile)[SIDE],
      exercise,
      name: exercise ? track.exercises[exercise - 1] : null,
      next: following ? track.exercises[following[EXERCISE] - 1] : null,
      of: track.exercises.length,
      caption: caption(ms),
      chapter: Math.max(0, begun(chapters, ms)),
      signal: signal(ms),
      until: changes[begun(changes, ms) + 1]?.[START] ?? track.length_ms, // the same until then
    };
  };
}
