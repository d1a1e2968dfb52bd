// Draws series with Chart.js, and draws them again in place when they change.

import { tick, shortTime } from './format.js';
import { element } from './dom.js';
import { isDark } from './theme.js';

const LIGHT = ['#2f6fed', '#c8384d', '#16845b', '#b26a00', '#7a45c9', '#0b7f8f', '#a8478a', '#566072'];
const DARK = ['#6ea3ff', '#ff8593', '#5fd0a0', '#f2b350', '#b694ff', '#52cddd', '#e58bc8', '#a9b4c6'];
const STEPS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 2 * 86400, 7 * 86400, 30 * 86400, 91 * 86400, 365 * 86400].map((s) => s * 1000);

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const color = (i) => (isDark() ? DARK : LIGHT)[i % LIGHT.length];

const dataset = (set, i, lines, kind, title, hidden) => {
  const own = color(i);
  const early = set.points.map((p) => Boolean(p?.early));
  const many = lines.xs.length > 60;
  const common = { label: set.name || title, hidden };
  if (kind === 'bar') {
    return {
      ...common,
      data: set.points.map((p) => (p ? p.y : null)),
      borderColor: own,
      borderWidth: early.map((e) => (e ? 2 : 0)),
      backgroundColor: early.map((e) => (e ? 'transparent' : own)),
      maxBarThickness: 48,
    };
  }
  return {
    ...common,
    data: lines.xs.map((x, k) => ({ x: Date.parse(x), y: set.points[k] ? set.points[k].y : null })).filter((p, k) => set.points[k]),
    early: early.filter((e, k) => set.points[k]),
    borderColor: own,
    borderWidth: 2,
    backgroundColor: own,
    pointBackgroundColor: early.filter((e, k) => set.points[k]).map((e) => (e ? css('--card') : own)),
    pointBorderColor: own,
    pointRadius: early.filter((e, k) => set.points[k]).map((e) => (e ? 4 : many ? 0 : 2.5)),
    segment: { borderDash: (c) => (c.chart.data.datasets[c.datasetIndex].early?.[c.p1DataIndex] ? [5, 4] : undefined) },
  };
};

const timeAxis = (large) => ({
  type: 'linear',
  bounds: 'data',
  afterBuildTicks: (axis) => {
    const range = axis.max - axis.min;
    const step = STEPS.find((s) => range / s <= (large ? 10 : 4)) ?? range;
    axis.beamlineStep = step;
    axis.ticks = [];
    for (let t = Math.ceil(axis.min / step) * step; t <= axis.max && axis.ticks.length < 30; t += step) axis.ticks.push({ value: t });
  },
});

const options = (lines, kind, large, stacked) => {
  const text = css('--soft');
  const timed = lines.timed && kind === 'line';
  return {
    animation: false,
    maintainAspectRatio: false,
    interaction: { mode: timed ? 'x' : 'index', intersect: false },
    plugins: {
      legend: { display: false },
      tooltip: {
        callbacks: {
          title: (items) => (items.length ? (timed ? shortTime(new Date(items[0].parsed.x).toISOString().replace('.000', '')) : items[0].label) : ''),
          label: (item) => `${item.dataset.label}: ${item.parsed.y?.toLocaleString('en') ?? 'NULL'}${item.dataset.early?.[item.dataIndex] || item.dataset.borderWidth?.[item.dataIndex] === 2 ? ' (not final)' : ''}`,
        },
      },
    },
    scales: {
      x: {
        ...(timed ? timeAxis(large) : {}),
        stacked,
        ticks: {
          color: text, maxRotation: 0, autoSkip: true, maxTicksLimit: large ? 14 : 5,
          ...(timed ? { callback(value) { return tick(value, this.beamlineStep ?? this.chart.scales.x.beamlineStep); } } : {}),
        },
        grid: { display: false },
        border: { color: css('--line') },
      },
      y: { stacked, ticks: { color: text, maxTicksLimit: large ? 8 : 4 }, grid: { color: css('--line') }, border: { display: false }, beginAtZero: true },
    },
  };
};

// A plot of its own element: update() draws; hidden series stay hidden while values change.
export class Plot {
  constructor(large) {
    this.large = large;
    this.canvas = element('canvas', { role: 'img' });
    this.box = element('div', { class: large ? 'plot large' : 'plot' }, this.canvas);
    this.legend = element('ul', { class: 'legend', 'aria-label': 'Lines' });
    this.node = element('div', { class: 'figure' }, this.box, large ? this.legend : null);
    this.off = new Set();
    this.chart = null;
    this.shape = '';
  }

  update(lines, { kind, title, label, stacked }) {
    this.canvas.setAttribute('aria-label', label);
    const data = {
      labels: kind === 'line' && lines.timed ? undefined : lines.labels,
      datasets: lines.sets.map((set, i) => dataset(set, i, lines, kind, title, this.off.has(set.name))),
    };
    const shape = `${kind} ${lines.timed} ${stacked} ${isDark()}`;
    if (this.chart && this.shape === shape) {
      this.chart.data = data;
      this.chart.update('none');
    } else {
      this.destroy();
      this.chart = new Chart(this.canvas, { type: kind === 'line' && lines.timed ? 'line' : 'bar', data, options: options(lines, kind, this.large, stacked) });
      this.shape = shape;
    }
    if (this.large) this.drawLegend(lines, title);
  }

  drawLegend(lines, title) {
    const wanted = lines.sets.map((set) => set.name).join('\n') + isDark();
    if (this.legend.dataset.names === wanted) return;
    this.legend.dataset.names = wanted;
    this.legend.hidden = lines.sets.length < 2;
    this.legend.replaceChildren(...lines.sets.map((set, i) => {
      const mark = element('span', { class: 'mark', 'aria-hidden': 'true' });
      mark.style.background = color(i);
      const button = element('button', { type: 'button', 'aria-pressed': String(!this.off.has(set.name)) }, mark, set.name || title);
      button.addEventListener('click', () => {
        if (!this.off.delete(set.name)) this.off.add(set.name);
        button.setAttribute('aria-pressed', String(!this.off.has(set.name)));
        this.chart.setDatasetVisibility(i, !this.off.has(set.name));
        this.chart.update('none');
      });
      return element('li', {}, button);
    }));
  }

  destroy() {
    this.chart?.destroy();
    this.chart = null;
  }
}
