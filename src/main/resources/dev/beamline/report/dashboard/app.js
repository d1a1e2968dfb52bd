// The dashboard: pages that are drawn again in place when the results change.

import { getProject, getVersion } from './api.js';
import { plural } from './format.js';
import { MetricPage } from './metric.js';
import { Overview } from './overview.js';
import { RefusedPage } from './refused.js';
import { startTheme } from './theme.js';

const main = document.getElementById('main');
const state = document.getElementById('state');
const run = document.getElementById('run');
let version = null;
let project = null;
let page = null;
let address = null;
let busy = false;

const say = (node, text) => { if (node.textContent !== text) node.textContent = text; };

const keep = (settings) => {
  const query = settings.toString();
  const hash = location.hash.replace(/\?.*$/, '') + (query ? `?${query}` : '');
  address = hash;
  history.replaceState(null, '', hash);
};

const open = () => {
  const [path, query] = location.hash.split('?');
  if (page && address !== null && address.split('?')[0] === path && address === location.hash) return;
  page?.close();
  main.replaceChildren();
  address = location.hash;
  const metric = path.match(/^#\/metric\/(.+)$/);
  const refused = path.match(/^#\/refused\/(.+)$/);
  if (metric) page = new MetricPage(main, decodeURIComponent(metric[1]), new URLSearchParams(query ?? ''), keep);
  else if (refused) page = new RefusedPage(main, decodeURIComponent(refused[1]));
  else page = new Overview(main);
};

const drawState = () => {
  const refused = project.refused.reduce((sum, r) => sum + r.count, 0);
  const early = project.metrics.reduce((sum, m) => sum + m.speculative, 0);
  say(state, [plural(project.metrics.length, 'metric'), `${plural(refused, 'record')} refused`, early ? `${plural(early, 'value')} not final` : 'all values final'].join(', '));
  if (!project.run) {
    say(run, '');
    return;
  }
  const read = project.run.sources.reduce((sum, s) => sum + s.read, 0);
  const words = { running: 'is running', done: 'has ended', failed: 'was ended' }[project.run.state];
  run.dataset.state = project.run.state;
  say(run, `${project.run.pipeline} ${words}: ${plural(read, 'event')} read`);
};

const refresh = async (force) => {
  if (busy && !force) return;
  busy = true;
  try {
    const now = await getVersion();
    const changed = now !== version || !project;
    if (changed) {
      project = await getProject();
      version = now;
    }
    open();
    if (changed || force) {
      say(document.getElementById('home'), project.project);
      await page.update(project);
    }
    drawState();
  } catch (error) {
    say(state, `Not up to date: ${error.message}`);
    version = null;
  } finally {
    busy = false;
  }
};

startTheme(() => page?.redraw());
window.addEventListener('hashchange', () => {
  if (location.hash === address) return;
  if (location.hash === '#main') { history.replaceState(null, '', address); main.focus(); return; }
  refresh(true);
  main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
});
refresh(true);
setInterval(() => refresh(false), 1000);
