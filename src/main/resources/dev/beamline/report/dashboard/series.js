// Rows as lines or bars. Values are added only where that is a right number: sums and counts.

import { shown, shortTime } from './format.js';
import { isEarly } from './model.js';

export const EACH = 'each';
export const TOGETHER = 'all';
const MOST_SERIES = 8;
const MOST_BARS = 40;

const number = (value) => (value === null || value === undefined ? null : Number(value));

// How the rows of one time may be told apart: [value, label] of what can be chosen.
export const groupings = (role, columns, measure) => {
  const additive = role.additive.has(measure);
  const choices = [];
  if (role.dimensions.length > 1) choices.push([EACH, role.dimensions.map((i) => columns[i].name).join(', ')]);
  for (const i of role.dimensions) if (additive || role.dimensions.length === 1 || i === role.by) choices.push([i, columns[i].name]);
  if (additive || role.dimensions.length === 0) choices.push([TOGETHER, '(all together)']);
  return choices.length ? choices : [[EACH, '(each row)']];
};

export const defaultGrouping = (role, columns, measure) => {
  const choices = groupings(role, columns, measure).map(([value]) => value);
  if (role.by !== null && choices.includes(role.by)) return role.by;
  return choices.find((c) => typeof c === 'number') ?? choices[0];
};

const nameOf = (role, row, by) => {
  if (by === TOGETHER) return '';
  const columns = by === EACH ? role.dimensions : [by];
  return columns.map((i) => shown(row[i])).join(' · ');
};

const collect = (rows, role, measure, by) => {
  const byName = new Map();
  let collided = false;
  let overlapping = false;
  for (const row of rows) {
    const x = role.time >= 0 ? row[role.time] : '';
    if (x === null) continue;
    const name = nameOf(role, row, by);
    if (!byName.has(name)) byName.set(name, new Map());
    const points = byName.get(name);
    const value = number(row[measure]);
    const early = isEarly(role, row);
    const known = points.get(x);
    const window = role.apart ? JSON.stringify(role.apart.map((i) => row[i])) : null;
    if (known) collided = true;
    if (known && known.window !== window) overlapping = true;
    points.set(x, known ? { ...known, y: known.y === null && value === null ? null : (known.y ?? 0) + (value ?? 0), early: known.early || early } : { y: value, early, window });
  }
  return { byName, collided, overlapping };
};

const labels = (role, xs) => {
  if (!role.timed) return xs.map(shown);
  const days = xs.every((x) => /^\d{4}-\d\d-\d\d(T00:00:00(\.0+)?Z?)?$/.test(x));
  return xs.map((x) => (days ? x.slice(0, 10) : shortTime(x)));
};

// {xs, timed, sets: [{name, points}], hidden, summed}; points stand at the places of xs.
export const series = (rows, role, measure, wanted) => {
  let by = wanted;
  let found = collect(rows, role, measure, by);
  let summed = found.collided;
  if (found.collided && (found.overlapping || !role.additive.has(measure))) {
    // Adding would tell a wrong number: each group for itself, and each row where there are no groups.
    by = role.dimensions.length ? EACH : by;
    found = collect(rows, role, measure, by);
    if (found.collided) return null;
    summed = false;
  }
  const size = (points) => [...points.values()].reduce((sum, p) => sum + Math.abs(p.y ?? 0), 0);
  const names = [...found.byName.keys()].sort((a, b) => size(found.byName.get(b)) - size(found.byName.get(a)) || (a < b ? -1 : 1));
  if (role.time < 0) {
    const shownNames = names.slice(0, MOST_BARS);
    return {
      xs: shownNames, labels: shownNames.map((n) => n || 'all'), timed: false, summed, by,
      sets: [{ name: '', points: shownNames.map((n) => found.byName.get(n).get('') ?? null) }],
      hidden: names.length - shownNames.length, most: MOST_BARS,
    };
  }
  const xs = [...new Set(rows.map((row) => row[role.time]).filter((x) => x !== null))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const kept = names.slice(0, MOST_SERIES);
  return {
    xs, labels: labels(role, xs), timed: role.timed, summed, by,
    sets: kept.map((name) => ({ name, points: xs.map((x) => found.byName.get(name).get(x) ?? null) })),
    hidden: names.length - kept.length, most: MOST_SERIES,
  };
};
