// Makes elements. Text is always set as text, so no result can become markup.

export const element = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};

export const select = (label, options, value, change) => {
  const node = element('select', { onchange: (event) => change(event.target.value) },
    ...options.map(([key, text]) => element('option', { value: key, selected: String(key) === String(value) }, text)));
  return element('label', {}, label, node);
};

// Replaces the children only where they differ, so that focus, selection and scrolling stay.
export const fill = (node, ...children) => {
  const next = element('div', {}, ...children);
  if (node.innerHTML !== next.innerHTML) node.replaceChildren(...next.childNodes);
};
