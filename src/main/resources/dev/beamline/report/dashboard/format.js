// Values as people read them.

export const plural = (n, word) => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`;

export const shown = (value) =>
  value === null || value === undefined ? 'NULL' : typeof value === 'object' ? JSON.stringify(value) : String(value);

// Event times are in UTC, on every machine.
export const shortTime = (text) => String(text).replace('T', ' ').replace(/(:00)?(\.0+)?Z$/, '').replace(/Z$/, '');

export const cell = (value, type) => (type === 'TIMESTAMP' && value ? shortTime(value) : shown(value));

const UNITS = [[86400 * 365, 'year'], [86400, 'day'], [3600, 'hour'], [60, 'minute'], [1, 'second']];

export const age = (seconds) => {
  const [size, word] = UNITS.find(([unit]) => seconds >= unit) ?? [1, 'second'];
  return plural(Math.max(0, Math.floor(seconds / size)), word);
};

const pad = (number) => String(number).padStart(2, '0');

// A label of an axis of times: as much as the distance between labels needs.
export const tick = (milliseconds, step) => {
  const t = new Date(milliseconds);
  const day = `${pad(t.getUTCMonth() + 1)}-${pad(t.getUTCDate())}`;
  const clock = `${pad(t.getUTCHours())}:${pad(t.getUTCMinutes())}`;
  if (step >= 86400e3) return day;
  if (step < 60e3) return `${clock}:${pad(t.getUTCSeconds())}`;
  return clock === '00:00' ? day : clock;
};
