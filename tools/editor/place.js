// Where a position stands in a routine file, as far as it is written: what leads to it, and what stands there already.
// It reads lines and columns only, so that it works in the middle of a mistake.

const LINE = /^( *)((?:- +)*)(?:([\w-]+):(?:[ ]+(.*))?)?$/;
const BLOCK = /^[|>][-+\d]*$/;

/**
 * The place at an offset, or null inside prose and comments:
 * `steps` are keys, and null for an item of a list; `present` are the other keys of the mapping there; `word` is what is
 * written of a key or a value so far, `value` whether it is a value, `item` whether it may be a whole item of a list.
 */
export function place(text, offset) {
  const lines = text.split("\n");
  const at = text.slice(0, offset).split("\n").length - 1;
  const written = text.slice(0, offset).split("\n")[at];
  const read = lines.map(entry);
  prose(lines, read);
  if (read[at].prose || /(^|\s)#/.test(written)) return null;

  const [, indent, dashes, rest] = /^( *)((?:- +)*)(.*)$/.exec(written);
  const column = indent.length + dashes.length;
  const key = /^([\w-]+):\s+(.*)$/.exec(rest);
  const flow = /^[[{]/.test(rest);
  if (!key && !flow && !/^[\w-]*$/.test(rest)) return null;
  const above = ancestors(read, at, column, dashes ? column - lastDash(dashes) : null);
  if (!above) return null;
  const present = siblings(read, at, column, Boolean(dashes));
  if (flow) return dashes ? inside(above, rest, present) : null;
  if (key) return inside([...above, key[1]], key[2], present);
  return { steps: above, present, word: rest, value: false, item: Boolean(dashes), flow: false };
}

const lastDash = (dashes) => dashes.length - dashes.lastIndexOf("-");

function entry(line) {
  const [, indent, dashes, key, value] = LINE.exec(line.replace(/(^|\s+)#.*$/, "").trimEnd()) ?? [];
  if (indent === undefined) {
    const [, before, items] = /^( *)((?:- +)*)/.exec(line);
    return { column: before.length + items.length, dash: items ? before.length + items.lastIndexOf("-") : null, key: null };
  }
  return {
    column: indent.length + dashes.length,
    dash: dashes ? indent.length + dashes.lastIndexOf("-") : null,
    key: key ?? null,
    value: value ?? "",
    empty: !dashes && key === undefined,
  };
}

/** Mark the lines of texts after | and >. */
function prose(lines, read) {
  let limit = null;
  lines.forEach((line, index) => {
    const blank = line.trim() === "";
    const deep = blank ? line.length : line.search(/\S/);
    if (limit !== null && (blank || deep > limit)) {
      read[index].prose = deep > limit;
      read[index].empty = true;
      return;
    }
    limit = BLOCK.test(read[index].value ?? "") ? Math.max(read[index].dash ?? -1, read[index].key ? read[index].column : -1) : null;
  });
}

/** The steps to the mapping at a column; `dash` is the column of the item's dash, if it begins in this line. */
function ancestors(read, at, column, dash) {
  const steps = [];
  let [keys, list] = [column, dash];
  if (list !== null) steps.unshift(null);
  for (let index = at - 1; index >= 0; index -= 1) {
    const one = read[index];
    if (one.empty || one.column > (list ?? keys) && (one.dash === null || one.dash >= (list ?? keys))) continue;
    if (list === null && one.column === keys) {
      if (one.dash !== null) {
        steps.unshift(null);
        list = one.dash;
      }
      continue;
    }
    if (list !== null && one.dash !== null && one.dash >= list) continue;
    if (one.key === null) return null;
    if (list === null && one.column < keys && one.value && !BLOCK.test(one.value)) return null; // text goes on here
    steps.unshift(one.key);
    keys = one.column;
    list = one.dash;
    if (list !== null) steps.unshift(null);
  }
  return steps;
}

/** The keys of the mapping at a column, without the line itself. */
function siblings(read, at, column, first) {
  const found = new Set();
  const add = (one) => one.key !== null && one.column === column && found.add(one.key);
  for (let index = at - 1; index >= 0 && !first; index -= 1) {
    const one = read[index];
    if (one.empty) continue;
    if (one.column < column && (one.dash === null || one.dash < column)) break;
    if (one.dash === null || one.dash < column) add(one);
    if (one.dash !== null && one.dash < column) break;
  }
  for (let index = at + 1; index < read.length; index += 1) {
    const one = read[index];
    if (one.empty) continue;
    if (one.column < column || (one.dash !== null && one.dash < column)) break;
    if (one.dash === null) add(one);
  }
  return found;
}

/** The place inside a value: behind its key, in [a list] or in {a mapping}. */
function inside(steps, value, present) {
  const open = /^([[{])([^\]}]*)$/.exec(value);
  if (!open) return { steps, present, word: value, value: true, item: false, flow: false };
  const parts = open[2].split(",");
  const word = parts.at(-1).trimStart();
  const others = new Set(parts.slice(0, -1).map((part) => part.split(":")[0].trim()));
  if (open[1] === "[") return { steps: [...steps, null], present: new Set(), word, value: true, item: false, flow: true };
  const key = /^([\w-]+):\s*(.*)$/.exec(word);
  if (key) return { steps: [...steps, key[1]], present: others, word: key[2], value: true, item: false, flow: true };
  return { steps, present: others, word, value: false, item: false, flow: true };
}
