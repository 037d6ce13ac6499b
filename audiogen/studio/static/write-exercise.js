// What the card of an exercise has: its dose, its lines, its cues.

import { element } from "./page.js";
import { cues } from "./write-cues.js";
import { field, number, orNull, whole } from "./write-field.js";
import { lines } from "./write-lines.js";
import { phases } from "./write-phases.js";
import { newTempo } from "./write-words.js";

const ELSEWHERE = "As given elsewhere";
const KINDS = [["hold", "Hold"], ["reps", "Repetitions"], ["for", "Repetitions at one’s own pace"]];
const SIDES = [["", "No sides"], ["right,left", "Right, then left"], ["left,right", "Left, then right"], ["alternate", "Alternating"], ["right", "Right only"], ["left", "Left only"]];
const FIRST = {
  hold: () => ({ hold: "30s", reps: null, tempo: null, for: null }),
  reps: () => ({ hold: null, reps: 8, tempo: newTempo(), for: null }),
  for: () => ({ hold: null, reps: 10, tempo: null, for: "40s" }),
};

/** What differs by side or by set is a map or a list: "right: 30s, left: 45s", "12, 10, 8". */
export const amount = (value) => {
  if (value === "") return null;
  if (/:\s/.test(value)) return Object.fromEntries(value.split(",").map((one) => one.split(":").map((part) => part.trim())).map(([side, of]) => [side, number(of ?? "")]));
  return value.includes(",") ? value.split(",").map((one) => number(one.trim())) : number(value);
};

export function exercise(card) {
  const owner = () => card.path;
  const named = () => card.title;
  const sets = (key, as = orNull) => (value) => [{ set: [...card.path, key], value: as(value) }];
  const body = element("div", "", { class: "card-fields" });

  const name = field("Name", sets("name"), { wide: true });
  const kind = field("Kind", (value) => (FIRST[value] ? Object.entries(FIRST[value]()).map(([key, to]) => ({ set: [...card.path, key], value: to })).filter((one) => one.value !== null || card.item.fields[one.set.at(-1)] !== undefined) : []), { choices: [...KINDS, ["", ELSEWHERE]] });
  const hold = field("Hold", sets("hold", amount), { help: "45s, 1m30s" });
  const reps = field("Repetitions", sets("reps", amount), { mode: "numeric" });
  const pace = field("Within", sets("for"), { help: "40s" });
  const sides = field("Sides", (value) => [{ set: [...card.path, "sides"], value: value === "alternate" ? value : value ? value.split(",") : null }], { choices: SIDES });
  const rounds = field("Sets", sets("sets", whole), { mode: "numeric" });
  const rest = field("Rest", sets("rest"), { help: "20s" });
  const amounts = element("div", "", { class: "amounts" });
  amounts.append(kind, hold, reps, pace, sides, rounds, rest);
  const tempo = phases(owner, named);
  const setup = lines("Set-up", "setup", owner, named, "Add a set-up line");
  const said = cues(owner, named);
  const turn = lines("At the switch of sides", "switch", owner, named, "Add words for the switch of sides");
  const release = lines("Release", "release", owner, named, "Add a release line");
  const lane = element("div", "", { class: "own-lane", "data-lane": "" });
  const elsewhere = element("p", "Lines, cues and phases that are added here replace those given elsewhere.", { class: "help" });
  body.append(name, amounts, lane, elsewhere, setup, tempo, said, turn, release);

  return Object.assign(body, {
    first: () => name.input,
    show(item) {
      const has = item.fields;
      name.show(has.name ?? (item.uses ? "" : item.name));
      name.input.placeholder = item.name;
      const of = ["for", "hold", "reps"].find((key) => has[key] !== undefined) ?? "";
      kind.show(of);
      hold.hidden = of !== "hold";
      reps.hidden = of !== "reps" && of !== "for";
      pace.hidden = of !== "for";
      hold.show(has.hold);
      reps.show(has.reps);
      pace.show(has.for);
      const partly = Boolean(item.uses) || typeof item.path.at(-1) === "string"; // the rest is that of another file
      elsewhere.hidden = !partly;
      sides.input.options[0].textContent = partly ? ELSEWHERE : "No sides";
      sides.show((has.sides ?? "").replace(/[[\]\s]/g, ""));
      rounds.show(has.sets);
      rounds.input.placeholder = partly ? "" : "1";
      rest.show(has.rest);
      setup.show(item.before);
      tempo.show(item.phases);
      said.show(item);
      turn.hidden = !(has.sides ?? "").includes(",");
      turn.show(item.switch);
      release.show(item.after);
    },
  });
}
