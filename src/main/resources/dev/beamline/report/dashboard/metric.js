// The page of one metric. What the reader chooses stands in the address, so it can be shared.

import { getRows } from './api.js';
import { element, fill, select } from './dom.js';
import { plural, shown } from './format.js';
import { kindOf, newestPanes, roles } from './model.js';
import { badges, caption, freshness } from './overview.js';
import { Plot } from './plot.js';
import { defaultGrouping, groupings, series } from './series.js';
import { RowTable } from './table.js';

const ROWS = 20000;
const RANGES = [['', 'everything'], ['1', 'last hour'], ['6', 'last 6 hours'], ['24', 'last day'], ['168', 'last week'], ['between', 'from … to …']];

export class MetricPage {
  constructor(main, name, settings, changed) {
    this.name = name;
    this.settings = settings;
    this.changed = changed;
    this.badges = element('p', { class: 'badges' });
    this.about = element('div');
    this.choices = element('div', { class: 'controls' });
    this.filter = element('input', { id: 'filter', type: 'search', autocomplete: 'off', oninput: (e) => this.set('filter', e.target.value) });
    this.filter.value = settings.get('filter') ?? '';
    this.from = this.timeInput('from');
    this.to = this.timeInput('to');
    this.between = element('div', { class: 'controls' }, element('label', {}, 'From (UTC)', this.from), element('label', {}, 'To (UTC)', this.to));
    this.plot = new Plot(true);
    this.caption = element('p', { class: 'soft', id: 'caption' });
    this.table = new RowTable(`Rows of ${name}`);
    main.append(
      element('p', {}, element('a', { href: '#/' }, '← All metrics')),
      element('h2', {}, name), this.about, this.badges,
      element('div', { class: 'controls bar' }, this.choices, element('label', {}, 'Filter rows', this.filter), this.between),
      this.plot.node, this.caption,
      element('p', { class: 'soft hint' }, element('span', { class: 'mark hollow', 'aria-hidden': 'true' }), ' hollow and dashed: not final yet'),
      this.table.node);
    this.hint = main.querySelector('.hint');
  }

  timeInput(key) {
    const input = element('input', { type: 'datetime-local', oninput: (e) => this.set(key, e.target.value) });
    input.value = this.settings.get(key) ?? '';
    return input;
  }

  set(key, value) {
    if (value === '' || value === null) this.settings.delete(key);
    else this.settings.set(key, value);
    this.changed(this.settings);
    this.draw();
  }

  async update(project) {
    this.metric = project.metrics.find((m) => m.name === this.name);
    document.title = `${this.name} · ${project.project} · Beamline`;
    if (!this.metric) {
      fill(this.about, element('p', { class: 'empty' }, `There is no metric ${this.name}`));
      return;
    }
    this.data = await getRows(this.name, ROWS);
    this.draw();
  }

  redraw() {
    this.draw();
  }

  inRange(role, row) {
    if (!role.timed || row[role.time] === null) return true;
    const range = this.settings.get('range') ?? '';
    const at = Date.parse(row[role.time]);
    if (range === 'between') {
      const bound = (key, otherwise) => (this.settings.get(key) ? Date.parse(`${this.settings.get(key)}Z`) : otherwise);
      return at >= bound('from', -Infinity) && at < bound('to', Infinity);
    }
    return range === '' || at > this.newest - Number(range) * 3600e3;
  }

  draw() {
    const { metric, data, settings } = this;
    if (!metric || !data) return;
    const role = roles(metric, data.rows);
    const all = newestPanes(metric, role, data.rows);
    this.newest = role.timed ? all.reduce((max, row) => Math.max(max, Date.parse(row[role.time]) || -Infinity), -Infinity) : 0;
    const words = (settings.get('filter') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const rows = all.filter((row) => this.inRange(role, row) && words.every((w) => row.some((v) => shown(v).toLowerCase().includes(w))));
    const measure = role.measures.find((i) => metric.columns[i].name === settings.get('y')) ?? role.measures[0];
    const choices = measure === undefined ? [] : groupings(role, metric.columns, measure);
    const by = choices.find(([value]) => String(value) === settings.get('by'))?.[0] ?? (measure === undefined ? null : defaultGrouping(role, metric.columns, measure));
    const kind = settings.get('chart') ?? kindOf(role, all);
    this.drawAbout(role);
    this.drawChoices(role, measure, choices, by, kind);
    this.drawPlot(role, rows, kind, measure, by);
    this.table.update(metric.columns, rows, role);
  }

  drawAbout(role) {
    const { metric, data } = this;
    const fresh = freshness(metric);
    fill(this.badges, ...badges(metric));
    fill(this.about, ...[
      metric.description ? element('p', {}, metric.description) : null,
      element('p', { class: 'soft' }, [
        metric.owner ? `Owner: ${metric.owner}` : null,
        `Table: ${metric.table}`,
        role.key.length ? `One row for each ${role.key.map((i) => metric.columns[i].name).join(', ')}` : null,
        fresh?.title ? `Freshness: ${fresh.title}` : null,
        data.more ? `Only the newest ${plural(ROWS, 'row')} are shown` : null,
      ].filter(Boolean).join(' · ')),
    ].filter(Boolean));
    this.hint.hidden = role.final < 0;
  }

  drawChoices(role, measure, choices, by, kind) {
    const { metric } = this;
    const range = this.settings.get('range') ?? '';
    const wanted = JSON.stringify([metric.columns.map((c) => c.name), measure, choices, by, kind, range]);
    if (this.choices.dataset.state !== wanted) {
      const focused = [...this.choices.querySelectorAll('select')].indexOf(document.activeElement);
      this.choices.dataset.state = wanted;
      this.choices.replaceChildren(...[
        role.measures.length > 1 ? select('Measure', role.measures.map((i) => [metric.columns[i].name, metric.columns[i].name]), metric.columns[measure].name, (v) => this.set('y', v)) : null,
        choices.length > 1 ? select('By', choices, by, (v) => this.set('by', v)) : null,
        measure !== undefined ? select('Chart', [['line', 'line'], ['bar', 'bar'], ['table', 'table only']].filter(([v]) => v !== 'line' || role.timed), kind, (v) => this.set('chart', v)) : null,
        role.timed ? select('Time', RANGES, range, (v) => this.set('range', v)) : null,
      ].filter(Boolean));
      if (focused >= 0) this.choices.querySelectorAll('select')[focused]?.focus();
    }
    this.between.hidden = range !== 'between';
  }

  drawPlot(role, rows, kind, measure, by) {
    const { metric } = this;
    const lines = kind === 'table' || measure === undefined || rows.length === 0 ? null : series(rows, role, measure, by);
    this.plot.node.hidden = !lines;
    if (!lines) {
      this.caption.textContent = rows.length === 0 ? 'No rows' : kind === 'table' ? '' : 'Several rows of one group and time cannot be drawn: see the table';
      return;
    }
    const text = caption(metric, role, lines, measure);
    this.caption.textContent = text;
    this.plot.update(lines, { kind, title: metric.columns[measure].name, label: `${kind} chart of ${metric.name}: ${text}`, stacked: role.stacked });
  }

  close() {
    this.plot.destroy();
  }
}
