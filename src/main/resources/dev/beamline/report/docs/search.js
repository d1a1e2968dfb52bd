'use strict';

// Finds metrics and sources by name, description and column.
const input = document.getElementById('search');
const found = document.getElementById('found');
input.addEventListener('input', () => {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = words.length === 0 ? [] : window.searchIndex.filter((entry) => words.every((word) => `${entry.name} ${entry.words}`.toLowerCase().includes(word)));
  found.replaceChildren(...hits.slice(0, 30).map((entry) => {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = document.body.dataset.root + entry.href;
    link.textContent = entry.name;
    item.append(link, ` (${entry.kind})`);
    return item;
  }));
});
