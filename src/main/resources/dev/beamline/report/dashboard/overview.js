// All metrics, a card each. A card asks for its rows when it comes into sight.

import { getRows } from './api.js';
import { element, fill } from './dom.js';
import { plural, age } from './format.js';
import { kindOf, newestPanes, roles } from './model.js';
import { Plot } from './plot.js';
import { defaultGrouping, series } from './series.js';

const ROWS = 1500;

// Whether the newest window keeps its contract; null where there is no contract.
export const freshness = (metric, now = Date.now()) => {
  const { warnAfterSeconds: warn, errorAfterSeconds: error } = metric;
  if (warn === null && error === null) return null;
  if (!metric.newest) return { level: 'bad', text: 'no window yet' };
  const seconds = (now - Date.parse(metric.newest)) / 1000;
  const old = `newest window ended ${age(Math.max(0, seconds))} ago`;
  if (error !== null && seconds > error) return { level: 'bad', text: 'stale', title: `${old}; allowed: ${age(error)}` };
  if (warn !== null && seconds > warn) return { level: 'warn', text: 'getting old', title: `${old}; warned of after ${age(warn)}` };
  return { level: 'good', text: 'fresh', title: old };
};

const badge = (level, text, title) => element('span', { class: `badge ${level}`, title }, text);

export const badges = (metric) => {
  const fresh = freshness(metric);
  const list = [
    badge('', plural(metric.rowCount, 'row')),
    metric.speculative ? badge('warn early', `${metric.speculative.toLocaleString('en')} not final`, 'Values that later rows may still change') : null,
    metric.corrected ? badge('', `${metric.corrected.toLocaleString('en')} corrected late`, 'Rows that late records have corrected') : null,
    metric.lateDropped ? badge('bad', `${metric.lateDropped.toLocaleString('en')} too late`, 'Records that came after the allowed lateness and are not in the result') : null,
    metric.failed ? badge('bad', `${metric.failed.toLocaleString('en')} failed`, 'Records that an expression of the query could not take') : null,
    fresh ? badge(fresh.level, fresh.text, fresh.title) : null,
  ];
  return list.filter(Boolean);
};

export const caption = (metric, role, lines, measure) => {
  const name = metric.columns[measure].name;
  const over = role.time >= 0 ? ` by ${metric.columns[role.time].name}` : '';
  const of = typeof lines.by === 'number' ? ` of each ${metric.columns[lines.by].name}` : lines.by === 'each' ? ` of each ${role.dimensions.map((i) => metric.columns[i].name).join(', ')}` : '';
  const cut = lines.hidden > 0 ? `, the largest ${lines.most} of ${(lines.hidden + lines.most).toLocaleString('en')}` : '';
  return `${lines.summed ? 'Sum of ' : ''}${name}${of}${over}${cut}`;
};

class Card {
  constructor(metric) {
    this.plot = new Plot(false);
    this.badges = element('p', { class: 'badges' });
    this.caption = element('p', { class: 'soft' });
    this.body = element('div', {}, this.plot.node, this.caption);
    this.description = element('p', { class: 'soft' });
    this.node = element('li', { class: 'card' },
      element('h2', {}, element('a', { href: `#/metric/${encodeURIComponent(metric.name)}` }, metric.name)),
      this.description, this.badges, this.body);
    this.node.card = this;
    this.visible = false;
    this.stale = true;
    this.update(metric);
  }

  update(metric) {
    this.metric = metric;
    this.stale = true;
    fill(this.badges, ...badges(metric));
    fill(this.description, metric.description ?? '');
    if (this.visible) this.load();
  }

  async load() {
    if (!this.stale) return;
    this.stale = false;
    try {
      this.draw(await getRows(this.metric.name, ROWS));
    } catch (error) {
      this.stale = true;
      this.caption.textContent = `Cannot be read now: ${error.message}`;
    }
  }

  draw(data) {
    this.data = data ?? this.data;
    if (!this.data || !this.node.isConnected) return;
    const { metric } = this;
    const role = roles(metric, this.data.rows);
    const rows = newestPanes(metric, role, this.data.rows);
    const kind = kindOf(role, rows);
    const measure = role.measures[0];
    const lines = kind === 'table' || measure === undefined || rows.length === 0 ? null
      : series(rows, role, measure, defaultGrouping(role, metric.columns, measure));
    this.plot.node.hidden = !lines;
    if (!lines) {
      this.caption.textContent = rows.length === 0 ? 'No rows yet' : 'Shown as a table';
      return;
    }
    const text = caption(metric, role, lines, measure);
    this.caption.textContent = text;
    this.plot.update(lines, { kind, title: metric.columns[measure].name, label: `${kind} chart of ${metric.name}: ${text}`, stacked: role.stacked });
  }
}

export class Overview {
  constructor(main) {
    this.cards = new Map();
    this.observer = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        const { card } = entry.target;
        card.visible = entry.isIntersecting;
        if (card.visible) card.load();
      }
    }, { rootMargin: '300px' });
    this.search = element('input', { id: 'find', type: 'search', autocomplete: 'off', oninput: () => this.filter() });
    this.tools = element('div', { class: 'controls' }, element('label', {}, 'Find a metric', this.search));
    this.list = element('ul', { class: 'grid', 'aria-label': 'Metrics' });
    this.empty = element('p', { class: 'empty', hidden: true });
    this.refused = element('section', { 'aria-label': 'Refused records' });
    main.append(this.tools, this.list, this.empty, this.refused);
  }

  update(project) {
    document.title = `${project.project} · Beamline`;
    const names = new Set(project.metrics.map((m) => m.name));
    for (const [name, card] of this.cards) {
      if (!names.has(name)) {
        this.observer.unobserve(card.node);
        card.plot.destroy();
        card.node.remove();
        this.cards.delete(name);
      }
    }
    project.metrics.forEach((metric, i) => {
      const known = this.cards.get(metric.name);
      if (known) known.update(metric);
      else {
        const card = new Card(metric);
        this.cards.set(metric.name, card);
        this.list.insertBefore(card.node, this.list.children[i] ?? null);
        this.observer.observe(card.node);
      }
    });
    this.tools.hidden = project.metrics.length < 5;
    this.drawRefused(project);
    this.filter();
  }

  drawRefused(project) {
    const sources = project.run?.sources ?? [];
    if (project.refused.length === 0 && sources.length === 0) {
      this.refused.replaceChildren();
      return;
    }
    fill(this.refused, ...[
      element('h2', {}, 'Records'),
      sources.length ? element('div', { class: 'scroll small', tabindex: '0', role: 'region', 'aria-label': 'Records of each source' },
        element('table', {},
          element('thead', {}, element('tr', {}, ...['source', 'read', 'used', 'refused', 'duplicates'].map((h) => element('th', { scope: 'col' }, h)))),
          element('tbody', {}, ...sources.map((s) => element('tr', {}, element('td', {}, s.name),
            ...[s.read, s.used, s.refused, s.duplicates].map((n) => element('td', { class: 'number' }, n.toLocaleString('en')))))))) : null,
      project.refused.length ? element('ul', {}, ...project.refused.map((r) => element('li', {},
        element('a', { href: `#/refused/${encodeURIComponent(r.table)}` }, `${plural(r.count, 'refused record')} of ${r.origins}`)))) : null,
    ].filter(Boolean));
  }

  filter() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const card of this.cards.values()) {
      const { metric } = card;
      const text = `${metric.name} ${metric.description ?? ''} ${metric.owner ?? ''} ${metric.columns.map((c) => c.name).join(' ')}`.toLowerCase();
      card.node.hidden = !words.every((word) => text.includes(word));
      if (!card.node.hidden) count += 1;
    }
    this.empty.hidden = count > 0;
    this.empty.textContent = this.cards.size ? 'No metric has these words' : 'No results yet: beamline run makes them';
  }

  redraw() {
    for (const card of this.cards.values()) card.draw();
  }

  close() {
    this.observer.disconnect();
    for (const card of this.cards.values()) card.plot.destroy();
  }
}
