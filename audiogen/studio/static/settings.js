// The requested settings, as a map from "setting|target" to a value; named like the flags.

export class Settings {
  constructor(values = [], skipped = []) {
    this.values = new Map(values);
    this.skipped = new Set(skipped);
  }

  /** The settings of a link; the page knows which exercises are left out. */
  static of(query, skipped) {
    const settings = new Settings([], skipped);
    for (const [name, value] of new URLSearchParams(query)) {
      if (["only", "skip", "from"].includes(name)) continue;
      settings.setFlag(name, value);
    }
    return settings;
  }

  /** Set what a flag sets: "lean=9s" for one exercise, "9s" for all. */
  setFlag(name, value) {
    const at = eachOf(name) ? value.lastIndexOf("=") : -1;
    this.set(name, at < 0 ? "" : value.slice(0, at).trim(), at < 0 ? value : value.slice(at + 1).trim());
  }

  set(setting, target, text) {
    for (const key of [`${setting}|${target}`, `${setting}|${target}.right`, `${setting}|${target}.left`]) {
      this.values.delete(key);
    }
    if (text !== "") this.values.set(`${setting}|${target}`, text);
  }

  /** The query of a link; `ownSkipped` are the exercises that the file leaves out, `slugs` are all of them. */
  query(slugs, ownSkipped) {
    const query = new URLSearchParams();
    const takenIn = ownSkipped.some((slug) => !this.skipped.has(slug));
    if (takenIn) {
      query.append("only", slugs.filter((slug) => !this.skipped.has(slug)).join(","));
    } else {
      for (const slug of this.skipped) if (!ownSkipped.includes(slug)) query.append("skip", slug);
    }
    for (const [key, text] of this.values) {
      const at = key.indexOf("|");
      const target = key.slice(at + 1);
      query.append(key.slice(0, at), target ? `${target}=${text}` : text);
    }
    return query.toString();
  }

  copy() {
    return new Settings(this.values, this.skipped);
  }

  become(other) {
    this.values = new Map(other.values);
    this.skipped = new Set(other.skipped);
  }

  equals(other) {
    return JSON.stringify(this) === JSON.stringify(other);
  }

  toJSON() {
    return { values: [...this.values], skipped: [...this.skipped].sort() };
  }
}

const each = (document.body.dataset.each ?? "").split(" ");
const eachOf = (name) => each.includes(name);

/** The settings before and after the current ones. */
export class History {
  constructor(now) {
    this.before = [];
    this.now = now;
    this.after = [];
  }

  go(next) {
    if (next.equals(this.now)) return;
    this.before.push(this.now);
    this.now = next;
    this.after = [];
  }

  undo() {
    if (!this.before.length) return false;
    this.after.push(this.now);
    this.now = this.before.pop();
    return true;
  }

  redo() {
    if (!this.after.length) return false;
    this.before.push(this.now);
    this.now = this.after.pop();
    return true;
  }
}
