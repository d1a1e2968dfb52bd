'use strict';

// A long table gets a field that keeps the rows which have all the words in it.
const LONG = 20;

const addFilter = (region) => {
  const rows = [...region.querySelectorAll('tbody tr')].map((row) => ({ row, text: row.textContent.toLowerCase() }));
  if (rows.length <= LONG) return;
  const label = document.createElement('label');
  const field = document.createElement('input');
  const count = document.createElement('span');
  label.className = 'filter';
  field.type = 'search';
  field.autocomplete = 'off';
  count.setAttribute('role', 'status');
  label.append('Filter ', field, ' ', count);
  const filter = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text } of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    count.textContent = words.length ? `${shown} of ${rows.length}` : `${rows.length}`;
  };
  field.addEventListener('input', filter);
  filter();
  region.before(label);
};

document.querySelectorAll('main .scroll:has(> table)').forEach(addFilter);
