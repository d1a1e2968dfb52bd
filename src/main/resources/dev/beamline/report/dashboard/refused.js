// The records that were refused: whole, with the reason.

import { getRefused } from './api.js';
import { element } from './dom.js';
import { RowTable } from './table.js';

export class RefusedPage {
  constructor(main, table) {
    this.name = table;
    this.table = new RowTable(`Refused records of ${table}`);
    this.note = element('p', { class: 'soft' });
    main.append(element('p', {}, element('a', { href: '#/' }, '← All metrics')), element('h2', {}, 'Refused records'), this.note, this.table.node);
  }

  async update(project) {
    document.title = `Refused records · ${project.project} · Beamline`;
    const known = project.refused.find((r) => r.table === this.name);
    if (!known) {
      this.note.textContent = `No record was refused into ${this.name}`;
      return;
    }
    const data = await getRefused(this.name);
    this.note.textContent = `Of ${known.origins}, in the table ${this.name}, whole and with the reason; they are in no result.${data.more ? ` The first ${data.rows.length} of ${known.count.toLocaleString('en')}.` : ''}`;
    this.table.update(data.columns, data.rows, { time: -1, final: -1, timing: -1 });
  }

  redraw() {}

  close() {}
}
