'use strict';

// The dashboard: a page of all metrics and a page a metric, redrawn when the results change.

const PANE_COLUMNS = new Set(['pane_timing', 'pane_index', 'is_final']);
const WINDOW_COLUMNS = new Set(['window_start', 'window_end']);
const NUMERIC = new Set(['INT64', 'FLOAT64', 'NUMERIC', 'BIGNUMERIC']);
const COLORS = ['#2f6fed', '#d1495b', '#2a9d6f', '#c98a1b', '#8757c9', '#1b98a8', '#b0568f', '#6b7280'];
const MAX_SERIES = 8;

const main = document.getElementById('main');
const state = document.getElementById('state');
const charts = [];
let version = null;
let project = null;
let settings = {};
let drawing = 0;

const element = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
};

const getJson = async (path) => {
  const response = await fetch(path);
  if (!response.ok) throw new Error((await response.text()).trim());
  return response.json();
};

// What to draw of a table: chosen from its columns alone.
const roles = (metric, columns) => {
  const index = (name) => columns.findIndex((c) => c.name === name);
  const measures = [];
  const dimensions = [];
  let time = index('window_start');
  columns.forEach((column, i) => {
    if (PANE_COLUMNS.has(column.name) || WINDOW_COLUMNS.has(column.name)) return;
    if (NUMERIC.has(column.type)) measures.push(i);
    else if (column.type === 'STRING' || column.type === 'BOOL') dimensions.push(i);
    else if (time < 0 && ['TIMESTAMP', 'DATE', 'DATETIME'].includes(column.type)) time = i;
  });
  const kind = metric.chart || (measures.length === 0 ? 'table' : time >= 0 ? 'line' : 'bar');
  return { time, measures, dimensions, final: index('is_final'), timing: index('pane_timing'), kind };
};

const asNumber = (value) => (value === null ? null : Number(value));
const shortTime = (text) => String(text).replace('T', ' ').replace(/:00Z$|Z$/, '');
const shown = (value) => (value === null ? 'NULL' : typeof value === 'object' ? JSON.stringify(value) : String(value));
const plural = (n, word) => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`;

const cssColor = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Series by dimension over time; the largest few, since more cannot be told apart.
const series = (data, role, measure, dimension) => {
  const labels = new Set();
  const byName = new Map();
  for (const row of data) {
    const label = role.time >= 0 ? row[role.time] : dimension >= 0 ? shown(row[dimension]) : '';
    const name = role.time >= 0 && dimension >= 0 ? shown(row[dimension]) : '';
    labels.add(label);
    if (!byName.has(name)) byName.set(name, new Map());
    const at = byName.get(name);
    const point = at.get(label);
    const value = asNumber(row[measure]);
    const early = role.final >= 0 && row[role.final] === false;
    at.set(label, point ? { y: (point.y ?? 0) + (value ?? 0), early: point.early || early } : { y: value, early });
  }
  const total = (points) => [...points.values()].reduce((sum, p) => sum + Math.abs(p.y ?? 0), 0);
  const names = [...byName.keys()].sort((a, b) => total(byName.get(b)) - total(byName.get(a)));
  let sorted = [...labels];
  if (role.time >= 0) sorted.sort();
  else sorted.sort((a, b) => Math.abs(byName.get('').get(b)?.y ?? 0) - Math.abs(byName.get('').get(a)?.y ?? 0));
  if (role.time < 0) sorted = sorted.slice(0, 30);
  return { labels: sorted, hidden: Math.max(0, names.length - MAX_SERIES), sets: names.slice(0, MAX_SERIES).map((name) => ({ name, points: sorted.map((l) => byName.get(name).get(l) ?? null) })) };
};

// Speculative values are drawn dashed and hollow; they fill when they turn final.
const draw = (canvas, role, lines, large, title) => {
  const bar = role.kind === 'bar';
  const text = cssColor('--soft');
  const grid = cssColor('--line');
  const datasets = lines.sets.map((set, i) => {
    const color = COLORS[i % COLORS.length];
    const early = (k) => Boolean(set.points[k]?.early);
    return {
      label: set.name || title,
      data: set.points.map((p) => (p ? p.y : null)),
      borderColor: color,
      borderWidth: bar ? set.points.map((p) => (p?.early ? 2 : 0)) : 2,
      backgroundColor: bar ? set.points.map((p) => (p?.early ? 'transparent' : color)) : color,
      pointBackgroundColor: set.points.map((p) => (p?.early ? cssColor('--card') : color)),
      pointRadius: set.points.map((p) => (p?.early ? 4 : lines.labels.length > 60 ? 0 : 2)),
      segment: { borderDash: (c) => (early(c.p1DataIndex) ? [5, 4] : undefined) },
      tension: 0.15,
      spanGaps: true,
    };
  });
  const chart = new Chart(canvas, {
    type: bar ? 'bar' : 'line',
    data: { labels: role.time >= 0 ? lines.labels.map(shortTime) : lines.labels, datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      plugins: { legend: { display: large && datasets.length > 1, labels: { color: text } } },
      scales: {
        x: { ticks: { color: text, maxTicksLimit: large ? 12 : 4, maxRotation: 0 }, grid: { display: false } },
        y: { ticks: { color: text, maxTicksLimit: large ? 8 : 4 }, grid: { color: grid }, beginAtZero: true },
      },
    },
  });
  charts.push(chart);
};

const clear = () => {
  while (charts.length) charts.pop().destroy();
  main.replaceChildren();
};

const chartBox = (metric, columns, role, data, large, measure, dimension) => {
  if (role.kind === 'table' || measure === undefined || data.length === 0) {
    return element('p', { class: 'empty' }, data.length === 0 ? 'No rows yet' : 'Nothing to draw: see the table');
  }
  const lines = series(data, role, measure, dimension);
  const what = `${columns[measure].name}${role.time >= 0 ? ' over time' : ''}${dimension >= 0 ? ` by ${columns[dimension].name}` : ''}`;
  const box = element('div', { class: large ? 'plot large' : 'plot' });
  const canvas = element('canvas', { role: 'img', 'aria-label': `${role.kind} chart of ${metric.name}: ${what}` });
  box.append(canvas);
  requestAnimationFrame(() => { if (canvas.isConnected) draw(canvas, role, lines, large, columns[measure].name); });
  return element('div', {}, box, element('p', { class: 'soft' }, what + (lines.hidden ? `, the largest ${MAX_SERIES} of ${lines.hidden + MAX_SERIES}` : '')));
};

const freshness = (metric, role, data) => {
  if (role.time < 0 || data.length === 0 || metric.errorAfterSeconds === null && metric.warnAfterSeconds === null) return null;
  const newest = data.reduce((max, row) => (row[role.time] > max ? row[role.time] : max), '');
  const age = (Date.now() - Date.parse(newest)) / 1000;
  const bad = metric.errorAfterSeconds !== null && age > metric.errorAfterSeconds;
  const warn = metric.warnAfterSeconds !== null && age > metric.warnAfterSeconds;
  return element('span', { class: `badge ${bad ? 'bad' : warn ? 'warn' : 'good'}` }, bad ? 'stale' : warn ? 'getting old' : 'fresh');
};

const badges = (metric, role, data) => {
  const early = role.final >= 0 ? data.filter((row) => row[role.final] === false).length : 0;
  return element('p', {},
    plural(metric.rowCount, 'row'), ' ',
    early ? element('span', { class: 'badge warn' }, `${early.toLocaleString('en')} not final`) : null, ' ',
    freshness(metric, role, data));
};

const overview = async (mine) => {
  const tables = await Promise.all(project.metrics.map((m) => getJson(`api/rows/${encodeURIComponent(m.name)}?limit=600`)));
  if (mine !== drawing) return;
  clear();
  document.title = `${project.project} · Beamline`;
  const list = element('ul', { class: 'grid', 'aria-label': 'Metrics' });
  project.metrics.forEach((metric, i) => {
    const { columns, rows } = tables[i];
    const role = roles(metric, columns);
    const dimension = role.dimensions.length ? role.dimensions[0] : -1;
    list.append(element('li', { class: 'card' },
      element('h2', {}, element('a', { href: `#/metric/${encodeURIComponent(metric.name)}` }, metric.name)),
      metric.description ? element('p', { class: 'soft' }, metric.description) : null,
      badges(metric, role, rows),
      chartBox(metric, columns, role, rows, false, role.measures[0], dimension)));
  });
  if (!project.metrics.length) list.append(element('li', { class: 'card empty' }, 'No results yet: run a pipeline first'));
  main.append(list);
  if (project.refused.length) {
    main.append(element('h2', {}, 'Refused records'),
      element('ul', {}, ...project.refused.map((r) => element('li', {}, `${r.origin}: ${plural(r.count, 'record')}`))));
  }
};

const select = (label, options, value, change) => {
  const node = element('select', { onchange: (e) => change(e.target.value) },
    ...options.map(([v, text]) => element('option', { value: v, selected: String(v) === String(value) }, text)));
  return element('label', {}, label, node);
};

const table = (metric, columns, role, rows) => {
  const sort = settings.sort ?? { column: role.time, descending: true };
  const ordered = sort.column >= 0 ? [...rows].sort((a, b) => {
    const [x, y] = [a[sort.column], b[sort.column]];
    const less = x === null ? y !== null : y !== null && (typeof x === 'number' && typeof y === 'number' ? x < y : String(x) < String(y));
    const equal = x === y;
    return (equal ? 0 : less ? -1 : 1) * (sort.descending ? -1 : 1);
  }) : rows;
  const head = element('tr', {}, ...columns.map((column, i) => element('th', { scope: 'col', 'aria-sort': sort.column === i ? (sort.descending ? 'descending' : 'ascending') : null },
    element('button', { type: 'button', title: column.description ?? column.type, onclick: () => { settings.sort = { column: i, descending: sort.column === i ? !sort.descending : true }; refresh(true); } }, column.name))));
  const body = ordered.slice(0, 500).map((row) => element('tr', { class: role.final >= 0 && row[role.final] === false ? 'early' : null },
    ...row.map((value, i) => element('td', { class: NUMERIC.has(columns[i].type) ? 'number' : null }, columns[i].type === 'TIMESTAMP' && value ? shortTime(value) : shown(value)))));
  const caption = `${plural(rows.length, 'row')}${rows.length > 500 ? ', the first 500 shown' : ''}; rows in italics are not final yet`;
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `Rows of ${metric.name}` },
    element('table', {}, element('caption', {}, caption), element('thead', {}, head), element('tbody', {}, ...body)));
};

const metricPage = async (name, mine) => {
  const metric = project.metrics.find((m) => m.name === name);
  if (!metric) {
    clear();
    main.append(element('p', { class: 'empty' }, `There is no metric ${name}. `, element('a', { href: '#/' }, 'All metrics')));
    return;
  }
  const { columns, rows, more } = await getJson(`api/rows/${encodeURIComponent(name)}?limit=20000`);
  if (mine !== drawing) return;
  const role = roles(metric, columns);
  const measure = settings.measure ?? role.measures[0];
  const dimension = settings.dimension ?? (role.dimensions.length ? role.dimensions[0] : -1);
  const words = (settings.filter ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const newest = role.time >= 0 ? rows.reduce((max, r) => (r[role.time] > max ? r[role.time] : max), '') : '';
  const since = settings.range && newest ? Date.parse(newest) - settings.range * 3600e3 : -Infinity;
  const kept = rows.filter((row) => (role.time < 0 || row[role.time] === null || Date.parse(row[role.time]) >= since)
    && words.every((w) => row.some((v) => shown(v).toLowerCase().includes(w))));
  const focused = document.activeElement?.id === 'filter' ? document.activeElement.selectionStart : null;
  const top = main.querySelector('.scroll')?.scrollTop ?? 0;
  clear();
  document.title = `${name} · ${project.project} · Beamline`;
  const set = (key) => (value) => { settings[key] = value === '' ? null : Number(value); refresh(true); };
  main.append(
    element('p', {}, element('a', { href: '#/' }, '← All metrics')),
    element('h2', {}, name),
    metric.description ? element('p', {}, metric.description) : null,
    metric.owner ? element('p', { class: 'soft' }, `Owner: ${metric.owner}`) : null,
    badges(metric, role, rows),
    more ? element('p', { class: 'soft' }, 'Only the newest 20,000 rows are shown.') : '',
    element('div', { class: 'controls' },
      role.measures.length ? select('Measure', role.measures.map((i) => [i, columns[i].name]), measure, set('measure')) : null,
      role.dimensions.length ? select('By', [[-1, '(all together)'], ...role.dimensions.map((i) => [i, columns[i].name])], dimension, set('dimension')) : null,
      role.time >= 0 ? select('Time', [['', 'everything'], [1, 'last hour'], [6, 'last 6 hours'], [24, 'last day'], [168, 'last week']], settings.range ?? '', set('range')) : null,
      element('label', {}, 'Filter rows', element('input', { id: 'filter', type: 'search', value: settings.filter ?? '', oninput: (e) => { settings.filter = e.target.value; refresh(true); } }))),
    chartBox(metric, columns, role, kept, true, measure, dimension),
    table(metric, columns, role, kept));
  if (focused !== null) {
    const input = document.getElementById('filter');
    input.focus();
    input.setSelectionRange(focused, focused);
  }
  main.querySelector('.scroll').scrollTop = top;
};

const refresh = async (force) => {
  const mine = ++drawing;
  try {
    const now = (await getJson('api/version')).version;
    if (now !== version || !project) {
      project = await getJson('api/project');
      version = now;
    } else if (!force) {
      drawing--;
      return;
    }
    document.getElementById('home').textContent = project.project;
    const match = location.hash.match(/^#\/metric\/(.+)$/);
    if (match) await metricPage(decodeURIComponent(match[1]), mine);
    else await overview(mine);
    const refused = project.refused.reduce((sum, r) => sum + r.count, 0);
    state.textContent = `${plural(project.metrics.length, 'metric')}, ${plural(refused, 'record')} refused, as of ${new Date().toLocaleTimeString('en-GB')}`;
  } catch (error) {
    state.textContent = `Not up to date: ${error.message}`;
  }
};

const theme = (name) => {
  document.documentElement.dataset.theme = name;
  const button = document.getElementById('theme');
  button.textContent = name === 'dark' ? 'Light' : 'Dark';
  button.setAttribute('aria-label', `Switch to the ${name === 'dark' ? 'light' : 'dark'} theme`);
};

document.getElementById('theme').addEventListener('click', () => {
  theme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
  refresh(true);
});
window.addEventListener('hashchange', () => { settings = {}; refresh(true); main.focus(); });
theme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
refresh(true);
setInterval(() => refresh(false), 1000);
