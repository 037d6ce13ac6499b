// What the JSON Schema of routine files allows at a place: keys and values, each with its help.

/** The plain parts of a schema: references followed, choices side by side; `present` decides between kinds of items. */
function parts(schema, root, present) {
  if (!schema || typeof schema !== "object") return [];
  const found = [schema];
  const add = (one) => found.push(...parts(one, root, present));
  if (schema.$ref) add(schema.$ref.slice(2).split("/").reduce((node, key) => node?.[key], root));
  for (const choices of [schema.anyOf, schema.oneOf, schema.allOf]) choices?.forEach(add);
  if (schema.if) {
    const open = !present?.size;
    const holds = has(schema.if, present);
    if (open || holds) add(schema.then);
    if (open || !holds) add(schema.else);
  }
  return found;
}

const has = (test, present) =>
  (test.required ?? []).every((key) => present?.has(key)) && (!test.anyOf || test.anyOf.some((one) => has(one, present)));

function step(schemas, key, root) {
  const inner = schemas.flatMap((one) => {
    if (key === null) return [one.items];
    return [one.properties?.[key] ?? (typeof one.additionalProperties === "object" ? one.additionalProperties : null)];
  });
  return inner.filter(Boolean);
}

/** The schemas that hold at the end of some steps. */
function reached(root, steps, present) {
  let now = [root];
  for (const key of steps) now = step(now.flatMap((one) => parts(one, root)), key, root);
  return now.flatMap((one) => parts(one, root, present));
}

const described = (schemas) => schemas.find((one) => one.description)?.description ?? "";

/** The values that a schema lists, in words of the file; "on" and "off" stand for all their spellings. */
function values(schemas) {
  const listed = schemas.flatMap((one) => one.enum ?? []);
  const spelled = new Set(listed.includes("on") ? [true, false, "yes", "no"] : listed.includes("off") ? [false, "no"] : []);
  const examples = schemas.flatMap((one) => one.examples ?? []);
  return [...new Set([...listed.filter((one) => !spelled.has(one)), ...examples].map(String))];
}

const onlyLists = (schemas) => {
  const types = schemas.flatMap((one) => one.type ?? []);
  return types.includes("array") && !types.some((type) => ["string", "number", "boolean", "integer"].includes(type));
};

/** What may stand at a place: each with `label`, `help`, and for keys whether a `list` follows or `values` do. */
export function allowed(root, { steps, present, value, item }) {
  const schemas = reached(root, steps, present);
  const found = value || item ? values(schemas).map((label) => ({ label, help: described(schemas), key: false })) : [];
  if (value) return found;
  const keys = new Map();
  for (const properties of schemas.map((one) => one.properties ?? {})) {
    for (const [label, schema] of Object.entries(properties)) if (!keys.has(label)) keys.set(label, schema);
  }
  for (const [label, schema] of keys) {
    if (present.has(label)) continue;
    const inner = parts(schema, root);
    found.push({ label, help: described(inner), key: true, list: onlyLists(inner), values: values(inner) });
  }
  return found;
}

/** The help of a key at the end of some steps. */
export const help = (root, steps) => described(reached(root, steps));
