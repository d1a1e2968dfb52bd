// Rows as a table that sorts by any column.

import { element } from './dom.js';
import { cell, plural, shown } from './format.js';
import { isEarly, isLate, isNumber } from './model.js';

const PAGE = 200;

const compare = (a, b, type) => {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if (isNumber(type)) return Number(a) - Number(b);
  const [x, y] = [shown(a), shown(b)];
  return x < y ? -1 : x > y ? 1 : 0;
};

export class RowTable {
  constructor(label) {
    this.caption = element('caption');
    this.head = element('tr');
    this.body = element('tbody');
    this.more = element('button', { type: 'button', class: 'more', onclick: () => { this.pages += 1; this.draw(); } }, 'Show more rows');
    this.node = element('div', {},
      element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label },
        element('table', {}, this.caption, element('thead', {}, this.head), this.body)),
      this.more);
    this.pages = 1;
    this.sort = null;
  }

  update(columns, rows, role) {
    this.columns = columns;
    this.rows = rows;
    this.role = role;
    this.sort ??= { column: role.time, descending: true };
    if (this.head.childElementCount !== columns.length) {
      this.head.replaceChildren(...columns.map((column, i) => element('th', { scope: 'col' },
        element('button', { type: 'button', title: `${column.type}${column.description ? `: ${column.description}` : ''}`, onclick: () => this.sortBy(i) }, column.name))));
    }
    this.draw();
  }

  sortBy(column) {
    this.sort = { column, descending: this.sort.column === column ? !this.sort.descending : isNumber(this.columns[column].type) };
    this.draw();
  }

  draw() {
    const { columns, role, sort } = this;
    [...this.head.children].forEach((th, i) => {
      if (i === sort.column) th.setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
      else th.removeAttribute('aria-sort');
    });
    const sign = sort.descending ? -1 : 1;
    const ordered = sort.column < 0 ? this.rows
      : [...this.rows].sort((a, b) => sign * compare(a[sort.column], b[sort.column], columns[sort.column].type));
    const count = Math.min(ordered.length, this.pages * PAGE);
    this.body.replaceChildren(...ordered.slice(0, count).map((row) => element('tr', { class: isEarly(role, row) ? 'early' : isLate(role, row) ? 'late' : null },
      ...row.map((value, i) => element('td', { class: isNumber(columns[i].type) ? 'number' : value === null ? 'null' : null }, cell(value, columns[i].type))))));
    const early = role.final >= 0 ? '; rows in italics are not final yet' : '';
    this.caption.textContent = `${plural(ordered.length, 'row')}${count < ordered.length ? `, ${count} shown` : ''}${early}`;
    this.more.hidden = count >= ordered.length;
  }
}
