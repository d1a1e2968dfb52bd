// What to draw of a result: chosen from its columns and key; the YAML's chart says otherwise.

const PANES = new Set(['pane_timing', 'pane_index', 'is_final']);
const NUMBERS = new Set(['INT64', 'FLOAT64', 'NUMERIC', 'BIGNUMERIC']);
const TIMES = new Set(['TIMESTAMP', 'DATE', 'DATETIME']);
const FEW_WINDOWS = 8;

export const isNumber = (type) => NUMBERS.has(type);

const keyOf = (row, columns) => JSON.stringify(columns.map((i) => row[i]));

// Whether rows may be panes of one group that cannot be told apart, so that adding would count some twice.
const mixesPanes = (metric, key, pane, rows) => {
  if (!metric.appends) return false;
  if (key.length === 0) return pane < 0 || metric.windows?.session || rows.some((row) => row[pane] > 0);
  return pane < 0 && new Set(rows.map((row) => keyOf(row, key))).size < rows.length;
};

// Columns by index: time (-1: none), measures, dimensions (what tells the rows of one time apart).
export const roles = (metric, rows = []) => {
  const { columns, windows } = metric;
  const chart = metric.chart ?? {};
  const index = (name) => columns.findIndex((c) => c.name.toLowerCase() === String(name).toLowerCase());
  const [start, end] = windows ? [index(windows.start), index(windows.end)] : [index('window_start'), index('window_end')];
  const ordinary = columns.map((c, i) => i).filter((i) => !PANES.has(columns[i].name) && i !== start && i !== end);
  // Of windows that share their start only the end tells them apart.
  let time = chart.x ? index(chart.x) : windows?.sharedStart ? end : start;
  if (time < 0) {
    // A time beside the key is a fact of the row, not an axis.
    const keys = new Set(metric.key.map(index));
    time = ordinary.find((i) => TIMES.has(columns[i].type) && (keys.size === 0 || keys.has(i))) ?? -1;
  }
  const startsWindow = (i) => TIMES.has(columns[i].type) && start >= 0;
  const key = metric.key.map(index).filter((i) => i >= 0);
  const inKey = new Set(key);
  // The number that has the metric's name is what it is about; else the first one.
  const called = (i) => columns[i].name.toLowerCase().startsWith(metric.name.toLowerCase());
  const measures = chart.y?.length
    ? chart.y.map(index)
    : ordinary
        .filter((i) => i !== time && isNumber(columns[i].type) && !inKey.has(i))
        .sort((a, b) => called(b) - called(a));
  const dimensions = (key.length ? key : ordinary.filter((i) => columns[i].type === 'STRING' || columns[i].type === 'BOOL'))
    .filter((i) => i !== time && i !== start && i !== end && !startsWindow(i));
  const by = chart.by ? index(chart.by) : null;
  if (by !== null && by >= 0 && !dimensions.includes(by)) dimensions.unshift(by);
  const pane = index('pane_index');
  return {
    time,
    timed: time >= 0 && TIMES.has(columns[time].type),
    measures: measures.filter((i) => i >= 0),
    dimensions,
    by,
    keyed: key.length > 0,
    additive: new Set(mixesPanes(metric, key, pane, rows) ? [] : metric.additive.map(index)),
    // The window's ends, where values of different windows are never added; null: they may be.
    apart: windows?.overlap ? [start, end] : null,
    session: windows?.session ? [start, end] : null,
    final: index('is_final'),
    timing: index('pane_timing'),
    pane,
    key,
    stacked: Boolean(chart.stacked),
    type: chart.type ?? null,
  };
};

// Line or bar, where nobody chose: few times are bars, no numbers are a table.
export const kindOf = (role, rows) => {
  if (role.type) return role.type;
  if (role.measures.length === 0) return 'table';
  if (!role.timed) return 'bar';
  return new Set(rows.map((row) => row[role.time])).size <= FEW_WINDOWS ? 'bar' : 'line';
};

// Of a table that gets each pane as a row of its own: the newest pane of each key.
export const newestPanes = (metric, role, rows) => {
  if (!metric.appends || role.pane < 0 || role.key.length === 0) return rows;
  const newest = new Map();
  for (const row of rows) {
    const key = keyOf(row, role.key);
    const known = newest.get(key);
    const later = known ? row[role.pane] - known[role.pane] : 1;
    if (later > 0 || (later === 0 && !isEarly(role, row))) newest.set(key, row);
  }
  return role.session ? longestSessions(role, [...newest.values()]) : [...newest.values()];
};

// A session that grew has left panes of its shorter self behind, as the view NAME_latest knows.
const longestSessions = (role, rows) => {
  const [start, end] = role.session;
  const same = role.key.filter((i) => i !== start && i !== end);
  // Without the Z a time sorts before the same with a fraction.
  const at = (row, i) => String(row[i]).replace(/Z$/, '');
  const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const reached = new Map();
  const inside = new Set();
  for (const row of [...rows].sort((a, b) => order(at(a, start), at(b, start)) || order(at(b, end), at(a, end)))) {
    const key = keyOf(row, same);
    const known = reached.get(key);
    if (known !== undefined && at(row, end) <= known) inside.add(row);
    else reached.set(key, at(row, end));
  }
  return rows.filter((row) => !inside.has(row));
};

export const isEarly = (role, row) => role.final >= 0 && row[role.final] === false;
export const isLate = (role, row) => role.timing >= 0 && row[role.timing] === 'LATE';
