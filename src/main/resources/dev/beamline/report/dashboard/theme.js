// Light and dark: as the system says, until the reader chooses.

const KEY = 'beamline-theme';
const root = document.documentElement;

export const isDark = () => root.dataset.theme === 'dark';

const apply = (name) => {
  root.dataset.theme = name;
  const button = document.getElementById('theme');
  button.textContent = name === 'dark' ? 'Light' : 'Dark';
  button.setAttribute('aria-label', `Switch to the ${name === 'dark' ? 'light' : 'dark'} theme`);
};

export const startTheme = (changed) => {
  const system = matchMedia('(prefers-color-scheme: dark)');
  apply(localStorage.getItem(KEY) ?? (system.matches ? 'dark' : 'light'));
  document.getElementById('theme').addEventListener('click', () => {
    const next = isDark() ? 'light' : 'dark';
    localStorage.setItem(KEY, next);
    apply(next);
    changed();
  });
};
