// What to draw of a result: chosen from its columns and key; the YAML's chart says otherwise.

const PANES = new Set(['pane_timing', 'pane_index', 'is_final']);
const WINDOWS = new Set(['window_start', 'window_end']);
const NUMBERS = new Set(['INT64', 'FLOAT64', 'NUMERIC', 'BIGNUMERIC']);
const TIMES = new Set(['TIMESTAMP', 'DATE', 'DATETIME']);
const FEW_WINDOWS = 8;

export const isNumber = (type) => NUMBERS.has(type);

// Columns by index: time (-1: none), measures, dimensions (what tells the rows of one time apart).
export const roles = (metric) => {
  const { columns } = metric;
  const chart = metric.chart ?? {};
  const index = (name) => columns.findIndex((c) => c.name.toLowerCase() === String(name).toLowerCase());
  const ordinary = columns.map((c, i) => i).filter((i) => !PANES.has(columns[i].name) && !WINDOWS.has(columns[i].name));
  let time = chart.x ? index(chart.x) : index('window_start');
  if (time < 0) {
    // A time beside the key is a fact of the row, not an axis.
    const keys = new Set(metric.key.map(index));
    time = ordinary.find((i) => TIMES.has(columns[i].type) && (keys.size === 0 || keys.has(i))) ?? -1;
  }
  const startsWindow = (i) => TIMES.has(columns[i].type) && index('window_start') >= 0;
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
    .filter((i) => i !== time && !WINDOWS.has(columns[i].name) && !startsWindow(i));
  const by = chart.by ? index(chart.by) : null;
  if (by !== null && by >= 0 && !dimensions.includes(by)) dimensions.unshift(by);
  return {
    time,
    timed: time >= 0 && TIMES.has(columns[time].type),
    measures: measures.filter((i) => i >= 0),
    dimensions,
    by,
    keyed: key.length > 0,
    additive: new Set(metric.additive.map(index)),
    final: index('is_final'),
    timing: index('pane_timing'),
    pane: index('pane_index'),
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
    const key = JSON.stringify(role.key.map((i) => row[i]));
    const known = newest.get(key);
    if (!known || row[role.pane] >= known[role.pane]) newest.set(key, row);
  }
  return [...newest.values()];
};

export const isEarly = (role, row) => role.final >= 0 && row[role.final] === false;
export const isLate = (role, row) => role.timing >= 0 && row[role.timing] === 'LATE';
