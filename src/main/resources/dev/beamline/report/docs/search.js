'use strict';

// Finds metrics, sources, pipelines and targets by name, description, owner and column.
// "/" goes to the field, Enter to the first that is found, Escape back to the page.
const input = document.getElementById('search');
const found = document.getElementById('found');

const rank = (entry, words) => (entry.name.toLowerCase() === words[0] ? 0 : entry.name.toLowerCase().startsWith(words[0]) ? 1 : words.every((w) => entry.name.toLowerCase().includes(w)) ? 2 : 3);

const search = () => {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = words.length === 0 ? [] : window.searchIndex
    .filter((entry) => words.every((word) => `${entry.name} ${entry.words}`.toLowerCase().includes(word)))
    .sort((a, b) => rank(a, words) - rank(b, words));
  const items = hits.slice(0, 30).map((entry) => {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = document.body.dataset.root + entry.href;
    link.textContent = entry.name;
    item.append(link, ` (${entry.kind})`);
    return item;
  });
  if (words.length && !items.length) {
    const none = document.createElement('li');
    none.textContent = 'Nothing has these words';
    items.push(none);
  }
  found.replaceChildren(...items);
};

input.addEventListener('input', search);
input.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') found.querySelector('a')?.click();
  if (event.key === 'Escape') {
    input.value = '';
    search();
    document.getElementById('main').focus();
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== input && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    input.focus();
  }
});
